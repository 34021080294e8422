#pragma once

namespace lobule {

/// Has the memory of large tensors stay with the process, in one block of addresses. Otherwise the C library asks the system for each of them anew and gives it
/// back at once, and the system fills every page with zeros: much of the time that training EfficientNet-Lite takes (scripts/bench train). Its own
/// setting against that (mallopt) keeps more than the tensors need at their most, because it puts small things between them. For a program that trains; call
/// it before the first tensor. Where the system does not lend so many addresses all stays as it was.
void keep_freed_memory();

}  // namespace lobule
