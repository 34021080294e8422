#include <jemalloc/jemalloc.h>
#include <sys/types.h>

#include "host_memory.h"

namespace lobule {

#define LOBULE_TEXT_OF(number) #number
#define LOBULE_TEXT(number) LOBULE_TEXT_OF(number)

void keep_freed_memory() {
  // Pages that are free never go back ("decay"): those of arenas to come, and of those that are there.
  ssize_t never = -1;
  for (const char* setting : {"arenas.dirty_decay_ms", "arenas.muzzy_decay_ms", "arena." LOBULE_TEXT(MALLCTL_ARENAS_ALL) ".dirty_decay_ms",
                              "arena." LOBULE_TEXT(MALLCTL_ARENAS_ALL) ".muzzy_decay_ms"}) {
    mallctl(setting, nullptr, nullptr, &never, sizeof(never));
  }
}

}  // namespace lobule
