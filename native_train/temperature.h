#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>

#include "run_folder.h"

namespace lobule {

/// Temperature scaling (Guo et al. 2017): the one divisor of all logits that makes the labels likeliest, searched in [0.5, 10]. The lower
/// end matters: a small validation set without an error would ask for endless confidence.
/// logits: [N, K] float32 in host memory, N > 0.
Calibration fit_temperature(const torch::Tensor& logits, std::span<const std::int64_t> labels, int positive_class);

}  // namespace lobule
