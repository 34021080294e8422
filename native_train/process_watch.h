#pragma once

#include <memory>
#include <string>

#include "process_environment.h"

namespace lobule {

/// Each process counts up a number in the store every second and reads the others'. One whose number stands still for kSilentRounds of our own rounds has
/// died, was stopped, or cannot be reached: this process then ends with a message and status 1, whatever it is doing, since collectives would wait half an
/// hour. Rounds and no clock: where a whole job is suspended and goes on later, nobody is missed. All this runs on two threads of its own; training and
/// decoding are not disturbed.
class ProcessWatch {
 public:
  static constexpr int kSilentRounds = 15;  // of one second

  /// Connects to the store, which must be open. Throws std::runtime_error when it cannot.
  explicit ProcessWatch(const ProcessEnvironment& processes);
  /// Says that this process has left on purpose, so that nobody misses it: as one that has done its work, or (while an exception is unwinding) as one that
  /// failed, at which the others end too. The process with the store leaves last.
  ~ProcessWatch();
  ProcessWatch(const ProcessWatch&) = delete;
  ProcessWatch& operator=(const ProcessWatch&) = delete;

  /// Who has broken a collective: "process 1 of 3 has failed", or "...no longer answers". Takes a few seconds where nobody has said so.
  /// From then on this process counts as one that left, not as one that failed, so that the others name the one to blame.
  std::string find_lost_process();

 private:
  struct State;
  void beat();
  void guard();

  std::unique_ptr<State> state_;
};

}  // namespace lobule
