#pragma once

#include <torch/torch.h>

#include <string>

namespace lobule {

/// "cpu", "cuda" or "auto" (CUDA when there is one). Throws std::runtime_error when cuda is asked for and absent. The one place that names devices.
torch::Device choose_device(const std::string& name);

/// The processor itself, which every machine has: for results that must not depend on what else is there.
inline torch::Device host_device() { return {torch::kCPU}; }

/// The tensor in host memory: itself when it lies there already.
inline torch::Tensor to_host(const torch::Tensor& tensor) { return tensor.to(torch::kCPU); }

}  // namespace lobule
