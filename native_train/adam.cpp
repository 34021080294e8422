#include "adam.h"

namespace lobule {
namespace {

/// The gradient with the parameter's strides, which the fused kernel asks for. Autograd sees to equal layouts, but along sides of size 1 (a depthwise
/// convolution's weight has one) any stride is the same layout.
torch::Tensor gradient_of(const torch::Tensor& parameter) {
  const torch::Tensor& gradient = parameter.grad();
  TORCH_INTERNAL_ASSERT(gradient.defined());
  for (std::int64_t side = 0; side < parameter.dim(); ++side) {
    TORCH_INTERNAL_ASSERT(parameter.size(side) == 1 || gradient.stride(side) == parameter.stride(side));
  }
  return gradient.as_strided(parameter.sizes(), parameter.strides());
}

}  // namespace

Adam::Adam(const torch::nn::Module& network, const AdamOptions& options) : options_(options) {
  for (const auto& item : network.named_parameters()) {
    const torch::Tensor& parameter = item.value();
    names_.push_back(item.key());
    parameters_.push_back(parameter);
    // The fused kernel walks the four tensors side by side: they must have the parameter's memory format.
    exp_avg_.push_back(torch::zeros_like(parameter, torch::MemoryFormat::Preserve));
    exp_avg_sq_.push_back(torch::zeros_like(parameter, torch::MemoryFormat::Preserve));
    steps_.push_back(torch::zeros({}, torch::dtype(torch::kFloat32).device(parameter.device())));
  }
}

void Adam::zero_gradients() {
  for (torch::Tensor& parameter : parameters_) parameter.mutable_grad() = torch::Tensor();
}

void Adam::step() {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> gradients;
  gradients.reserve(parameters_.size());
  for (const torch::Tensor& parameter : parameters_) gradients.push_back(gradient_of(parameter));
  for (torch::Tensor& step : steps_) step += 1;  // the kernel reads the count of the step that it makes
  at::_fused_adam_(parameters_, gradients, exp_avg_, exp_avg_sq_, /*max_exp_avg_sqs=*/{}, steps_, options_.learning_rate, options_.beta1, options_.beta2,
                   options_.weight_decay, options_.epsilon, /*amsgrad=*/false,
                   /*maximize=*/false);
}

std::map<std::string, torch::Tensor> Adam::state() const {
  std::map<std::string, torch::Tensor> state;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    state.emplace("exp_avg." + names_[i], exp_avg_[i]);
    state.emplace("exp_avg_sq." + names_[i], exp_avg_sq_[i]);
    state.emplace("step." + names_[i], steps_[i]);
  }
  return state;
}

}  // namespace lobule
