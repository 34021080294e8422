#include "weight_average.h"

#include <algorithm>

namespace lobule {

WeightAverage::WeightAverage(const Network& network, double decay) : decay_(decay) {
  const auto add = [this](const std::string& name, const torch::Tensor& value) {
    if (!value.is_floating_point()) return;  // batch norm's count of batches
    names_.push_back(name);
    values_.push_back(value.detach());  // the same memory, without a gradient
    averages_.push_back(value.detach().clone(torch::MemoryFormat::Preserve));
  };
  for (const auto& item : network.named_parameters()) add(item.key(), item.value());
  for (const auto& item : network.named_buffers()) add(item.key(), item.value());
}

void WeightAverage::update(std::int64_t steps) {
  const torch::NoGradGuard no_grad;
  const auto count = static_cast<double>(steps);
  const double decay = std::min(decay_, (1 + count) / (10 + count));
  at::_foreach_lerp_(averages_, values_, 1 - decay);
}

void WeightAverage::exchange() {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const torch::Tensor value = values_[i].clone(torch::MemoryFormat::Preserve);
    values_[i].copy_(averages_[i]);
    averages_[i].copy_(value);
  }
}

std::map<std::string, torch::Tensor> WeightAverage::state() const {
  std::map<std::string, torch::Tensor> state;
  for (std::size_t i = 0; i < names_.size(); ++i) state.emplace(names_[i], averages_[i]);
  return state;
}

}  // namespace lobule
