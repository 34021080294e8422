#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>

#include "run_folder.h"

namespace lobule {

/// Temperature scaling (Guo et al. 2017): the one divisor of all logits that makes the labels likeliest, searched in [1, 10]. It softens and never sharpens:
/// a validation set of a few patients whom the network happens to get right would ask for endless confidence.
/// logits: [N, K] float32 in host memory, N > 0.
Calibration fit_temperature(const torch::Tensor& logits, std::span<const std::int64_t> labels, int positive_class);

}  // namespace lobule
