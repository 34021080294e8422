#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lobule/evaluation.h"
#include "lobule/history.h"

namespace lobule {

enum class RunState {
  finished,    // with a model and its card
  unfinished,  // training, interrupted, or not yet evaluated
  damaged,     // a file of it cannot be read
};

/// What the files of a run folder say. Of a damaged one, what could be read.
struct RunSummary {
  std::filesystem::path folder;
  RunState state = RunState::unfinished;
  std::string damage;  // "history.jsonl: line 3: ..."
  std::string name;
  std::string network;
  int epochs = 0;  // asked for
  int epochs_done = 0;
  std::optional<EpochRecord> best;               // of the epoch with the lowest validation loss
  std::optional<double> seconds_per_epoch;       // median
  std::optional<EstimatedFigure> test_accuracy;  // of images, where the run is finished and had a test set
  std::optional<EstimatedFigure> test_auc;
  std::string options_json = "{}";  // TrainOptions
};

/// Folders at and below `root` that hold a config.json, sorted; nothing below such a folder is looked at, and no link is followed. Throws
/// std::runtime_error naming the folder when root is none or cannot be read.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& root);

/// Reads only, and takes no lock: a training may be writing to the folder. Never throws for what the folder holds: that is the summary's damage.
RunSummary read_run(const std::filesystem::path& folder);

}  // namespace lobule
