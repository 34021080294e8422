#include "host_memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace lobule {

MemoryUse resident_memory() {
  MemoryUse use;
  std::int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;  // proc(5): size, then resident
  use.current = pages * ::sysconf(_SC_PAGESIZE);
  struct rusage usage {};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) use.peak = std::int64_t{usage.ru_maxrss} * 1024;
  use.peak = std::max(use.peak, use.current);
  return use;
}

}  // namespace lobule
