#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <vector>

#include "network.h"
#include "train_options.h"

namespace lobule {

/// Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019) in PyTorch's fused form: one pass over memory a step, on every device. torch::optim::Adam has no
/// such path in C++, and its saved state has no names. AdamW decays weights of two dimensions and more, not biases and batch norm's; Adam adds its
/// penalty to every gradient, as PyTorch's.
class Optimizer {
 public:
  /// Of the parameters that have a gradient: frozen stages are left out. A stage's learning rate is options.layer_decay times that of the stage after it.
  Optimizer(const Network& network, const TrainOptions& options);

  void zero_gradients();

  /// Euclidean norm over all gradients [scalar, float32, on the device]; they are scaled down to max_norm where it is larger (max_norm 0: never).
  torch::Tensor clip_gradients(double max_norm);

  /// learning_rate: of the last stage. skip: a device scalar, float32; where it is 1 nothing changes, without the host having to know.
  void step(double learning_rate, const torch::Tensor& skip);

  /// Moments and step counts, by parameter name: "exp_avg.conv1.weight", "exp_avg_sq.conv1.weight", "step.conv1.weight". They share
  /// memory with the optimiser: whoever restores a state copies into them.
  std::map<std::string, torch::Tensor> state() const;

 private:
  /// Parameters of one learning rate and one decay, and what is known of each.
  struct Group {
    double rate_share = 1;  // of the last stage's learning rate
    double weight_decay = 0;
    std::vector<std::string> names;
    std::vector<torch::Tensor> parameters;
    std::vector<torch::Tensor> exp_avg;
    std::vector<torch::Tensor> exp_avg_sq;
    std::vector<torch::Tensor> steps;
  };
  std::vector<torch::Tensor> gradients();

  OptimizerKind kind_;
  std::vector<Group> groups_;
};

}  // namespace lobule
