#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>

#include "lobule/history.h"

namespace lobule {

/// Figures of a set from its logits.
/// logits: [N, K] float32 in host memory, N > 0; labels: N class indices; class_weights: K weights of the loss, or none.
/// loss: cross-entropy, the mean weighted by class as torch's cross_entropy does. Call: p(positive) >= 0.5 for K = 2, else the largest logit.
SetFigures set_figures(const torch::Tensor& logits, std::span<const std::int64_t> labels, std::span<const double> class_weights, int positive_class);

}  // namespace lobule
