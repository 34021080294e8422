#pragma once

#include <cstddef>
#include <functional>

namespace lobule {

/// Calls work(i) once for each i in [0, count) on `threads` threads (0: one per processor) and returns when all are done. Which thread takes which index is
/// open, so work(i) must write to places of its own. When calls throw, the exception of the lowest index is thrown again, after all threads have ended.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace lobule
