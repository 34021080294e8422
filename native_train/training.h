#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <string>

#include "checkpoint.h"
#include "network.h"
#include "train_options.h"
#include "training_data.h"

namespace lobule {

enum class TrainingEnd {
  done,         // all epochs, or early stopping
  interrupted,  // by a signal, after the step that was going on; a checkpoint is written
};

/// Where and with what a training runs. None of it changes the result, but a device or number of threads rounds in its own way.
struct TrainingSite {
  std::filesystem::path run_dir;
  torch::Device device;
  int loader_threads = 1;
  double checkpoint_minutes = 10;  // a checkpoint is written at the end of each epoch, and within one when so long has passed since the last
};

/// Trains until the epochs are over, the validation loss has not fallen for options.patience epochs, or a signal comes. Goes on from the run folder's newest whole
/// checkpoint where there is one. Writes checkpoints, history.jsonl and TensorBoard events into the run folder, and a line per epoch to stderr. Leaves the network
/// with float32 weights, those of the last step. Throws std::runtime_error naming epoch, step and the batch's images when loss or gradient is no longer a finite
/// number; the checkpoints stay as they were.
TrainingEnd run_training(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site);

/// Logits [images, classes] in host memory, in the images' order, without dropout. The network keeps its mode. Empty (undefined) when a signal came in between.
torch::Tensor predict_logits(Network& network, const LabelledImages& images, int batch_size, const TrainingSite& site);

}  // namespace lobule
