#include <jemalloc/jemalloc.h>
#include <sys/types.h>

#include <string>

#include "host_memory.h"

namespace lobule {

void keep_freed_memory() {
  ssize_t never = -1;  // milliseconds after which pages that are free go back to the system
  unsigned arenas = 0;
  std::size_t size = sizeof(arenas);
  mallctl("arenas.narenas", &arenas, &size, nullptr, 0);
  for (const char* decay : {"dirty_decay_ms", "muzzy_decay_ms"}) {
    mallctl(("arenas." + std::string(decay)).c_str(), nullptr, nullptr, &never, sizeof(never));  // of those to come
    // One that is not there yet refuses, and will be of those to come.
    for (unsigned i = 0; i < arenas; ++i) mallctl(("arena." + std::to_string(i) + "." + decay).c_str(), nullptr, nullptr, &never, sizeof(never));
  }
}

}  // namespace lobule
