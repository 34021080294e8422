#include <malloc.h>

#include "host_memory.h"

namespace lobule {

void keep_freed_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
}

}  // namespace lobule
