#include "optimizer.h"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace lobule {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kEpsilon = 1e-8;

/// The parameters' own gradients: whoever changes one changes what the step takes.
std::vector<torch::Tensor> gradients_of(std::vector<torch::Tensor>& parameters) {
  std::vector<torch::Tensor> gradients;
  gradients.reserve(parameters.size());
  for (torch::Tensor& parameter : parameters) {
    torch::Tensor& gradient = parameter.mutable_grad();
    if (!gradient.defined()) throw std::logic_error("optimizer: a parameter that trains took no part in the loss");
    // The fused kernel walks parameter, gradient and moments side by side: all must lie in memory alike.
    if (gradient.strides() != parameter.strides()) gradient = torch::empty_like(parameter).copy_(gradient);
    gradients.push_back(gradient);
  }
  return gradients;
}

}  // namespace

Optimizer::Optimizer(const Network& network, const TrainOptions& options) : kind_(options.optimizer) {
  std::map<std::pair<int, bool>, std::size_t> places;  // of a group, by stage and whether its parameters decay
  for (const auto& item : network.named_parameters()) {
    const torch::Tensor& parameter = item.value();
    if (!parameter.requires_grad()) continue;
    const int stage = options.layer_decay == 1 ? network.stages() - 1 : network.stage_of(item.key());
    const bool decays = kind_ == OptimizerKind::adam || parameter.dim() > 1;
    const auto [place, is_new] = places.emplace(std::pair(stage, decays), groups_.size());
    if (is_new) {
      groups_.emplace_back();
      groups_.back().rate_share = std::pow(options.layer_decay, network.stages() - 1 - stage);
      groups_.back().weight_decay = decays ? options.weight_decay : 0;
    }
    Group& group = groups_[place->second];
    group.names.push_back(item.key());
    group.parameters.push_back(parameter);
    group.exp_avg.push_back(torch::zeros_like(parameter, torch::MemoryFormat::Preserve));
    group.exp_avg_sq.push_back(torch::zeros_like(parameter, torch::MemoryFormat::Preserve));
    group.steps.push_back(torch::zeros({}, torch::dtype(torch::kFloat32).device(parameter.device())));
  }
}

void Optimizer::zero_gradients() {
  for (Group& group : groups_) {
    for (torch::Tensor& parameter : group.parameters) parameter.mutable_grad() = torch::Tensor();
  }
}

std::vector<torch::Tensor> Optimizer::gradients() {
  std::vector<torch::Tensor> all;
  for (Group& group : groups_) {
    for (const torch::Tensor& gradient : gradients_of(group.parameters)) all.push_back(gradient);
  }
  return all;
}

torch::Tensor Optimizer::clip_gradients(double max_norm) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> all = gradients();
  const torch::Tensor norm = torch::stack(at::_foreach_norm(all)).norm();
  // Pascanu, Mikolov, Bengio 2013. The factor stays on the device: nobody waits for it.
  if (max_norm > 0) at::_foreach_mul_(all, (max_norm / (norm + 1e-6)).clamp_max(1.0));
  return norm.to(torch::kFloat32);
}

void Optimizer::step(double learning_rate, const torch::Tensor& skip) {
  const torch::NoGradGuard no_grad;
  for (Group& group : groups_) {
    const std::vector<torch::Tensor> gradients = gradients_of(group.parameters);
    at::_foreach_add_(group.steps, 1);  // the kernel reads the count of the step that it makes
    const double rate = learning_rate * group.rate_share;
    if (kind_ == OptimizerKind::adamw) {
      at::_fused_adamw_(group.parameters, gradients, group.exp_avg, group.exp_avg_sq, /*max_exp_avg_sqs=*/{}, group.steps, rate, kBeta1, kBeta2,
                        group.weight_decay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false, /*grad_scale=*/{}, skip);
    } else {
      at::_fused_adam_(group.parameters, gradients, group.exp_avg, group.exp_avg_sq, /*max_exp_avg_sqs=*/{}, group.steps, rate, kBeta1, kBeta2,
                       group.weight_decay, kEpsilon, /*amsgrad=*/false, /*maximize=*/false, /*grad_scale=*/{}, skip);
    }
  }
}

std::map<std::string, torch::Tensor> Optimizer::state() const {
  std::map<std::string, torch::Tensor> state;
  for (const Group& group : groups_) {
    for (std::size_t i = 0; i < group.names.size(); ++i) {
      state.emplace("exp_avg." + group.names[i], group.exp_avg[i]);
      state.emplace("exp_avg_sq." + group.names[i], group.exp_avg_sq[i]);
      state.emplace("step." + group.names[i], group.steps[i]);
    }
  }
  return state;
}

}  // namespace lobule
