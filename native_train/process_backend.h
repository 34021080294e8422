#pragma once

#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "process_environment.h"

namespace lobule {

/// What moves tensors of the host between processes: Gloo. Throws std::runtime_error where this program was built without its headers.
c10::intrusive_ptr<c10d::Backend> make_host_backend(const c10::intrusive_ptr<c10d::Store>& store, const ProcessEnvironment& processes);

/// What moves tensors of CUDA devices: NCCL. Throws std::runtime_error where this program was built without its headers and CUDA's.
c10::intrusive_ptr<c10d::Backend> make_cuda_backend(const c10::intrusive_ptr<c10d::Store>& store, const ProcessEnvironment& processes);

}  // namespace lobule
