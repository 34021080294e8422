#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <memory>
#include <string>

#include "checkpoint.h"
#include "network.h"
#include "process_group.h"
#include "train_options.h"
#include "training_data.h"

namespace lobule {

enum class TrainingEnd {
  done,         // all epochs, or early stopping
  interrupted,  // by a signal, after the step that was going on; a checkpoint is written
};

/// Where and with what a training runs. None of it changes the result, but devices, numbers of threads and of processes each round in their own way.
struct TrainingSite {
  std::filesystem::path run_dir;
  torch::Device device;
  int loader_threads = 1;
  double checkpoint_minutes = 10;  // a checkpoint is written at the end of each epoch, and within one when so long has passed since the last
  std::shared_ptr<ProcessGroup> processes = std::make_shared<ProcessGroup>();  // that train together; all but process 0 leave the run folder alone
};

/// Trains until the epochs are over, the validation loss has not fallen for options.patience epochs, or a signal comes. Goes on from the run folder's newest whole
/// checkpoint where there is one. A collective of site.processes: each takes its shard of every batch. Writes checkpoints, history.jsonl, curves.svg and TensorBoard events into the run folder, and a line per epoch to stderr. Leaves the network
/// with float32 weights, those of the last step. Throws std::runtime_error naming epoch, step and the batch's images when loss or gradient is no longer a finite
/// number; the checkpoints stay as they were.
TrainingEnd run_training(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site);

}  // namespace lobule
