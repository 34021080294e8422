#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lobule/history.h"
#include "network.h"
#include "optimizer.h"
#include "weight_average.h"
#include "weights_file.h"

namespace lobule {

/// Where a training stands, besides weights and optimiser. Everything random is drawn from (seed, epoch, image) and the learning rate follows from the step, so
/// no generator's or schedule's state belongs to it.
struct TrainingPosition {
  int epoch = 1;                     // the epoch that is going on, from 1
  std::int64_t step = 0;             // steps done in it
  double seconds = 0;                // spent on it so far
  torch::Tensor epoch_logits;        // [images of those steps, classes], float32: what the epoch's training figures come from
  std::vector<EpochRecord> history;  // of the epochs before it
};

/// What a checkpoint belongs to: it continues only a run that says the same.
struct RunIdentity {
  std::string options_json;  // TrainOptions
  std::string data_sha256;   // of the data manifest
};

/// What learns.
struct Learner {
  Network& network;
  Optimizer& optimizer;
  WeightAverage* average = nullptr;  // where the options ask for one
};

/// One safetensors file with everything that a training needs to go on, the position as JSON in its metadata and a SHA-256 over all tensors: one file, so that no
/// crash can leave halves of two checkpoints. Written atomically as the run folder's last checkpoint; the one before it stays beside it as the previous one.
void save_checkpoint(const std::filesystem::path& run_dir, const Learner& learner, const TrainingPosition& position, const RunIdentity& identity);

bool has_checkpoint(const std::filesystem::path& run_dir);

/// Puts the state of the run folder's last checkpoint in place; nothing where there is none. When it is damaged the previous one is taken, and `damage` says why.
/// Throws std::runtime_error naming the file and the cause when no checkpoint can be read, and for one of another configuration with the difference.
struct RestoredTraining {
  TrainingPosition position;
  std::string damage;
};
std::optional<RestoredTraining> load_checkpoint(const std::filesystem::path& run_dir, const Learner& learner, const RunIdentity& identity);

/// Removes what killed writers left in the run folder: temporary files that never got their name. Only for who holds the folder.
void remove_leftovers(const std::filesystem::path& run_dir);

}  // namespace lobule
