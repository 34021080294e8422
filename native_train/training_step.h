#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "batches.h"
#include "network.h"
#include "optimizer.h"
#include "train_options.h"

namespace lobule {

/// What a step leaves, on the device: nobody has waited for it yet.
struct StepOutcome {
  torch::Tensor logits;  // [n, classes] float32, in the batch's order
  torch::Tensor facts;   // [2] float32: loss, norm of the gradient before clipping
};

/// One step of the training: forward and backward in pieces, the gradient clipped, the weights moved. Where loss or gradient is no finite number the weights stay
/// as they are; the outcome's facts tell.
class TrainingStep {
 public:
  /// class_weights: one a class, or none.
  TrainingStep(const TrainOptions& options, Network& network, Optimizer& optimizer, const std::vector<double>& class_weights, torch::Device device);

  /// sample_seeds: one an image, for dropout. weight_sum: of the images' class weights (their number where there are none), which the loss is divided by.
  StepOutcome run(const Batch& batch, const std::vector<std::uint64_t>& sample_seeds, double weight_sum, double learning_rate);

 private:
  torch::Tensor forward(const torch::Tensor& images);

  const TrainOptions& options_;
  Network& network_;
  Optimizer& optimizer_;
  torch::Device device_;
  torch::Tensor class_weights_;  // on the device; undefined: none
};

/// The type that weights have while they train.
torch::ScalarType weight_type(Precision precision);

}  // namespace lobule
