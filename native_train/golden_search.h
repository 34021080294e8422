#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "lobule/model_package.h"

namespace lobule {

/// Golden images of these seeds as the network is fed with them. [seeds, 3, h, w]
torch::Tensor golden_inputs(const std::vector<std::uint64_t>& seeds, const InputSpec& input);

/// nchw -> logits [N, K], in host memory.
using LogitFunction = std::function<torch::Tensor(const torch::Tensor& nchw)>;

/// Three seeds whose logits lie far apart: the lowest and the highest margin of the positive class among the first seeds, and the one nearest to the middle
/// between them. Throws std::runtime_error when a logit is not finite, or all answers are alike: such a network could not be told from a broken one.
GoldenVectors search_golden_vectors(const ModelSpec& spec, const LogitFunction& logits);

}  // namespace lobule
