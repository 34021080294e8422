#pragma once

#include <torch/torch.h>

#include <optional>
#include <string>

#include "host_memory.h"

namespace lobule {

/// "cpu", "cuda" or "auto" (CUDA when there is one). local_rank: this process's number among those of its machine, which have a CUDA device each; the tensors that
/// LibTorch makes from now on belong to that device. Throws std::runtime_error when cuda is asked for and absent, or has too few devices. The one place that names devices.
torch::Device choose_device(const std::string& name, int local_rank = 0);

/// The processor itself, which every machine has: for results that must not depend on what else is there.
inline torch::Device host_device() { return {torch::kCPU}; }

/// What LibTorch holds of the memory of the CUDA device that choose_device chose, with what it keeps for later. Nothing where none is in use.
std::optional<MemoryUse> device_memory();

inline bool is_host(torch::Device device) { return device.is_cpu(); }

/// The tensor in host memory: itself when it lies there already.
inline torch::Tensor to_host(const torch::Tensor& tensor) { return tensor.to(torch::kCPU); }

}  // namespace lobule
