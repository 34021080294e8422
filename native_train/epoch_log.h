#pragma once

#include <filesystem>
#include <iosfwd>
#include <span>
#include <string>

#include "event_file.h"
#include "lobule/history.h"

namespace lobule {

/// Two lines that name the columns of epoch_line.
std::string epoch_header();

/// One epoch's figures on train and validation, a dash for those that are undefined; a star behind the best one so far. No line break.
std::string epoch_line(const EpochRecord& record);

/// TensorBoard's view of a run: one folder for train and one for val, the same tags in both, so that it draws them into one chart.
class EpochEvents {
 public:
  /// first_epoch: the next one to be written.
  EpochEvents(const std::filesystem::path& folder, int first_epoch);
  void write(const EpochRecord& record);

 private:
  EventFile train_;
  EventFile val_;
};

/// All of history.jsonl.
std::string history_text(std::span<const EpochRecord> history);

/// history.jsonl and its curves (curves.svg) in the run folder, each whole or as it was.
void write_history(const std::filesystem::path& run_dir, std::span<const EpochRecord> history);

}  // namespace lobule
