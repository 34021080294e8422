#pragma once

#include <torch/torch.h>

#include <memory>

#include "process_group.h"

namespace lobule {

/// Averages gradients over the processes while backward still runs: PyTorch's own Reducer, as in DistributedDataParallel (Li et al. 2020), with smaller buckets. For one
/// process it does nothing. Gradients are divided by the number of processes: whoever wants their sum scales the loss.
class GradientReducer {
 public:
  /// Of all parameters that train now. network and processes must outlive it; call on every process.
  GradientReducer(const torch::nn::Module& network, ProcessGroup& processes);
  ~GradientReducer();
  GradientReducer(const GradientReducer&) = delete;
  GradientReducer& operator=(const GradientReducer&) = delete;

  /// Backward of a loss that reaches every parameter; last: of the step, whose gradients are averaged. Earlier pieces only add to this process's own.
  void backward(const torch::Tensor& loss, bool last);
  /// In place of backward(loss, true) where this process has no image in the step: zero gradients, so that the others' average comes out.
  void backward_without_images();

 private:
  struct Engine;
  std::vector<torch::Tensor> parameters_;
  ProcessGroup& processes_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace lobule
