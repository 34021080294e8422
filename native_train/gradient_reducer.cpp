#include "gradient_reducer.h"

#include <torch/csrc/distributed/c10d/reducer.hpp>

#include <algorithm>
#include <unordered_map>

namespace lobule {

/// DistributedDataParallel's 25 MB would hold nearly all of EfficientNet-Lite's gradients in one bucket, which waits for the stem's and then has no backward pass to hide behind.
constexpr std::size_t kBucketBytes = std::size_t{4} << 20;

struct GradientReducer::Engine {
  std::unique_ptr<c10d::Reducer> reducer;
};

GradientReducer::GradientReducer(const torch::nn::Module& network, ProcessGroup& processes) : processes_(processes) {
  std::unordered_map<std::size_t, std::string> names;
  for (const auto& item : network.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    names.emplace(parameters_.size(), item.key());
    parameters_.push_back(item.value());
  }
  if (processes.size() == 1) return;
  const std::vector<bool> sparse(parameters_.size(), false);
  const std::vector<std::size_t> caps = {c10d::kDefaultFirstBucketBytes, kBucketBytes};
  auto buckets = std::get<0>(c10d::compute_bucket_assignment_by_size(parameters_, caps, sparse));
  // Backward meets the last layers first.
  std::reverse(buckets.begin(), buckets.end());
  engine_ = std::make_unique<Engine>();
  engine_->reducer =
      std::make_unique<c10d::Reducer>(parameters_, std::move(buckets), processes.c10d_group(), sparse, kBucketBytes,
                                      /*find_unused_parameters=*/false, /*gradient_as_bucket_view=*/false, std::move(names), c10d::kDefaultFirstBucketBytes,
                                      /*skip_all_reduce_unused_params=*/false, /*use_python_reducer=*/false, std::vector<std::int64_t>{});
}

GradientReducer::~GradientReducer() = default;

void GradientReducer::backward(const torch::Tensor& loss, bool last) {
  if (!engine_ || !last) {
    loss.backward();
    return;
  }
  try {
    engine_->reducer->prepare_for_forward();
    engine_->reducer->rebuild_buckets();  // once, after the first step: in the order in which gradients came
    engine_->reducer->prepare_for_backward({});
    loss.backward();
  } catch (const std::exception& error) {
    processes_.throw_lost(error.what());
  }
}

void GradientReducer::backward_without_images() {
  torch::Tensor nothing;
  for (const torch::Tensor& parameter : parameters_) nothing = nothing.defined() ? nothing + 0 * parameter.sum() : 0 * parameter.sum();
  backward(nothing, true);
}

}  // namespace lobule
