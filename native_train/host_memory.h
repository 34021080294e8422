#pragma once

namespace lobule {

/// Has freed memory stay with the process. Otherwise the C library asks the system for each large tensor anew and gives it back at once, and the system
/// fills every page of it with zeros: much of the time that training EfficientNet-Lite takes (scripts/bench network). For a program that trains;
/// call it before the first tensor.
void keep_freed_memory();

}  // namespace lobule
