#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "host_memory.h"

namespace lobule {

/// What the progress line tells of the epoch that is going on.
struct EpochProgress {
  int epoch = 1;
  int epochs = 1;
  std::int64_t images = 0;        // trained on so far in this epoch
  std::int64_t epoch_images = 0;  // of this epoch in all
  double loss = 0;                // of the last step
  double images_per_second = 0;
  double seconds_left = 0;               // of this epoch
  MemoryUse memory;                      // of the process
  std::optional<MemoryUse> device = {};  // of the device, where there is one
};

/// "epoch 3/20 [=====>    ]  52 %  312/600 images  loss 0.4123  251 images/s  ETA 0:12  memory 412/530 MiB": in use and at most. columns: of the terminal; a
/// text that does not fit goes without its bar, and is cut off where that is not enough, since a line that wraps cannot be rewritten. 0: any length.
std::string progress_text(const EpochProgress& progress, int columns = 0);

/// Seconds as m:ss or h:mm:ss.
std::string duration_text(double seconds);

/// A line about the work that is going on: rewritten in place on a terminal, elsewhere a plain line now and then.
class ProgressLine {
 public:
  ProgressLine(std::ostream& out, bool terminal);

  /// Starts an epoch's clock. images_before: done before an interruption; they do not count for the speed.
  void start_epoch(int epoch, int epochs, std::int64_t epoch_images, std::int64_t images_before);
  void show(std::int64_t images, double loss);
  /// Takes the line off the terminal, so that something else can be printed.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::ostream& out_;
  bool terminal_;
  EpochProgress progress_;
  std::int64_t images_before_ = 0;
  Clock::time_point start_;
  Clock::time_point last_shown_;
  bool visible_ = false;
};

/// True when stderr is a terminal.
bool stderr_is_terminal();

}  // namespace lobule
