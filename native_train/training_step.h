#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "batches.h"
#include "gradient_reducer.h"
#include "network.h"
#include "optimizer.h"
#include "process_group.h"
#include "train_options.h"

namespace lobule {

/// What a step leaves, on the device: nobody has waited for it yet.
struct StepOutcome {
  torch::Tensor logits;  // [n, classes] float32, of this process's images; undefined where it had none
  torch::Tensor facts;   // [2] float32: this process's part of the loss; norm of the whole gradient before clipping
};

/// One step of the training: forward and backward in pieces, the gradient averaged over the processes and clipped, the weights moved. Where the gradient is no
/// finite number the weights stay as they are; the outcome's facts tell.
class TrainingStep {
 public:
  /// class_weights: one a class, or none.
  TrainingStep(const TrainOptions& options, Network& network, Optimizer& optimizer, const std::vector<double>& class_weights, torch::Device device,
               ProcessGroup& processes);

  /// A collective. batch: this process's images, which may be none. sample_seeds: one an image, for dropout. weight_sum: of the class weights of the images of all
  /// processes (their number where there are none), which the loss is divided by.
  StepOutcome run(const Batch& batch, const std::vector<std::uint64_t>& sample_seeds, double weight_sum, double learning_rate);

 private:
  torch::Tensor forward(const torch::Tensor& images);
  torch::Tensor loss_sum(const torch::Tensor& logits, const Batch& batch, std::int64_t begin, std::int64_t end) const;
  torch::Tensor backward(const Batch& batch, const std::vector<std::uint64_t>& sample_seeds, double weight_sum, std::vector<torch::Tensor>& logits);

  const TrainOptions& options_;
  Network& network_;
  Optimizer& optimizer_;
  torch::Device device_;
  ProcessGroup& processes_;
  GradientReducer reducer_;
  std::vector<torch::Tensor> buffers_;  // batch norm's running figures
  torch::Tensor class_weights_;         // on the device; undefined: none
};

/// The type that weights have while they train.
torch::ScalarType weight_type(Precision precision);

}  // namespace lobule
