#pragma once

#include <csignal>

namespace lobule {

/// While one of these lives, the first SIGINT (Ctrl-C) or SIGTERM (Slurm's preemption) is noted instead of ending the program; a second one
/// ends it at once. One at a time.
class InterruptionWatch {
 public:
  InterruptionWatch();
  ~InterruptionWatch();
  InterruptionWatch(const InterruptionWatch&) = delete;
  InterruptionWatch& operator=(const InterruptionWatch&) = delete;

  static bool interrupted();

 private:
  struct sigaction old_interrupt_ {};
  struct sigaction old_terminate_ {};
};

}  // namespace lobule
