#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "adam.h"
#include "lobule/history.h"
#include "network.h"

namespace lobule {

/// Where a training stands, besides weights and optimiser. Everything random is drawn from (seed, epoch, step), so no generator's
/// state belongs to it.
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

/// Weights and buffers under the network's own names, with texts about them (epoch, validation loss). Written atomically.
void save_weights(const std::filesystem::path& file, const Network& network, const std::map<std::string, std::string>& about);
/// Throws std::runtime_error naming the file, the tensor (missing, unknown, of another shape) and the cause.
void load_weights(const std::filesystem::path& file, Network& network);

/// SHA-256 over names, shapes and values of weights and buffers: equal for equal networks, however they lie in memory.
std::string weights_sha256(const Network& network);

/// One safetensors file with everything that a training needs to go on, the position as JSON in its metadata: one file, so that no crash can leave
/// halves of two checkpoints. Written atomically.
void save_checkpoint(const std::filesystem::path& file, const Network& network, const Adam& adam, const TrainingPosition& position,
                     const RunIdentity& identity);

/// Puts weights and optimiser state in place. Throws std::runtime_error naming the file and the cause; for a checkpoint of another configuration the
/// difference.
TrainingPosition load_checkpoint(const std::filesystem::path& file, Network& network, Adam& adam, const RunIdentity& identity);

}  // namespace lobule
