#include "training_step.h"

#include <ATen/autocast_mode.h>

#include <algorithm>

namespace lobule {
namespace {

/// While it lives, operators that gain by it compute in bfloat16.
class Autocast {
 public:
  explicit Autocast(torch::DeviceType device) : device_(device) {
    at::autocast::set_autocast_enabled(device_, true);
    at::autocast::set_autocast_dtype(device_, torch::kBFloat16);
    at::autocast::increment_nesting();
  }
  ~Autocast() {
    if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
    at::autocast::set_autocast_enabled(device_, false);
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  torch::DeviceType device_;
};

}  // namespace

torch::ScalarType weight_type(Precision precision) { return precision == Precision::float64 ? torch::kFloat64 : torch::kFloat32; }

TrainingStep::TrainingStep(const TrainOptions& options, Network& network, Optimizer& optimizer, const std::vector<double>& class_weights, torch::Device device,
                           ProcessGroup& processes)
    : options_(options),
      network_(network),
      optimizer_(optimizer),
      device_(device),
      processes_(processes),
      reducer_(network, processes),
      buffers_(network.buffers()) {
  if (!class_weights.empty()) class_weights_ = torch::tensor(class_weights, torch::kFloat64).to(weight_type(options.precision)).to(device);
}

torch::Tensor TrainingStep::forward(const torch::Tensor& images) {
  if (options_.precision != Precision::bfloat16) return network_.forward(images);
  const Autocast autocast(device_.type());
  return network_.forward(images).to(torch::kFloat32);
}

/// Of images begin to end of the batch, whose logits these are.
torch::Tensor TrainingStep::loss_sum(const torch::Tensor& logits, const Batch& batch, std::int64_t begin, std::int64_t end) const {
  const auto on_device = [&](const torch::Tensor& values) { return values.slice(0, begin, end).to(device_, /*non_blocking=*/true); };
  auto options = torch::nn::functional::CrossEntropyFuncOptions().weight(class_weights_).label_smoothing(options_.label_smoothing).reduction(torch::kSum);
  if (!batch.shares.defined()) return torch::nn::functional::cross_entropy(logits, on_device(batch.labels), options);
  options.reduction(torch::kNone);
  const torch::Tensor shares = on_device(batch.shares).to(logits.scalar_type());
  return (shares * torch::nn::functional::cross_entropy(logits, on_device(batch.labels), options) +
          (1 - shares) * torch::nn::functional::cross_entropy(logits, on_device(batch.partner_labels), options))
      .sum();
}

/// Gradients of the whole step's loss, on every process. Returns this process's part of the loss.
torch::Tensor TrainingStep::backward(const Batch& batch, const std::vector<std::uint64_t>& sample_seeds, double weight_sum,
                                     std::vector<torch::Tensor>& logits) {
  const std::int64_t images = batch.labels.size(0);
  const torch::ScalarType type = weight_type(options_.precision);
  torch::Tensor loss = torch::zeros({}, torch::dtype(type).device(device_));
  if (images == 0) {
    reducer_.backward_without_images();
    return loss;
  }
  const std::int64_t pieces = std::min<std::int64_t>(options_.accumulate, images);
  for (std::int64_t piece = 0; piece < pieces; ++piece) {
    const std::int64_t begin = images * piece / pieces;
    const std::int64_t end = images * (piece + 1) / pieces;
    network_.seed_samples({sample_seeds.begin() + begin, sample_seeds.begin() + end});
    const torch::Tensor nchw = batch.images.slice(0, begin, end).to(device_, type, /*non_blocking=*/true);
    const torch::Tensor piece_logits = forward(nchw);
    const torch::Tensor piece_loss = loss_sum(piece_logits, batch, begin, end) / weight_sum;
    // The reducer averages; wanted is the sum over the processes.
    reducer_.backward(processes_.size() == 1 ? piece_loss : piece_loss * processes_.size(), piece + 1 == pieces);
    loss += piece_loss.detach();
    logits.push_back(piece_logits.detach().to(torch::kFloat32));
  }
  return loss;
}

StepOutcome TrainingStep::run(const Batch& batch, const std::vector<std::uint64_t>& sample_seeds, double weight_sum, double learning_rate) {
  if (!buffers_.empty()) processes_.broadcast(buffers_);  // as DistributedDataParallel: process 0's running figures are everybody's
  optimizer_.zero_gradients();
  std::vector<torch::Tensor> logits;
  const torch::Tensor loss = backward(batch, sample_seeds, weight_sum, logits);
  const torch::Tensor norm = optimizer_.clip_gradients(options_.clip_norm);
  optimizer_.step(learning_rate, torch::isfinite(norm).logical_not().to(torch::kFloat32));
  return {logits.empty() ? torch::Tensor() : torch::cat(logits), torch::stack({loss.to(torch::kFloat32), norm})};
}

}  // namespace lobule
