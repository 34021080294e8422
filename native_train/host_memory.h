#pragma once

#include <cstdint>

namespace lobule {

/// Bytes in use now, and the most that there were since the program began.
struct MemoryUse {
  std::int64_t current = 0;
  std::int64_t peak = 0;
};

/// Of this process, as the system counts what it keeps in memory (resident set size): pages of mapped files are among them. 0 where the system does not say.
MemoryUse resident_memory();

/// Has freed memory stay with the process. Otherwise the C library asks the system for each large tensor anew and gives it back at once, and the system
/// fills every page of it with zeros: much of the time that training EfficientNet-Lite takes (scripts/bench train). For a program that trains;
/// call it before the first tensor. With jemalloc, where the program was built with it; otherwise by the C library's own settings, which keep a third more memory than the
/// tensors need, since small things lie between them.
void keep_freed_memory();

}  // namespace lobule
