#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <vector>

namespace lobule {

struct AdamOptions {
  double learning_rate = 1e-3;
  double weight_decay = 0;  // L2 penalty, added to the gradient
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

/// Adam (Kingma & Ba 2015) in PyTorch's fused form: one pass over memory a step, on every device. torch::optim::Adam has no such
/// path in C++, and its saved state has no names.
class Adam {
 public:
  Adam(const torch::nn::Module& network, const AdamOptions& options);

  void zero_gradients();
  void step();

  /// Moments and step counts, by parameter name: "exp_avg.conv1.weight", "exp_avg_sq.conv1.weight", "step.conv1.weight". They share
  /// memory with the optimiser: whoever restores a state copies into them.
  std::map<std::string, torch::Tensor> state() const;

 private:
  AdamOptions options_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> exp_avg_;
  std::vector<torch::Tensor> exp_avg_sq_;
  std::vector<torch::Tensor> steps_;
};

}  // namespace lobule
