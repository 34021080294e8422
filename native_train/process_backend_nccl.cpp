#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "process_backend.h"

namespace lobule {

c10::intrusive_ptr<c10d::Backend> make_cuda_backend(const c10::intrusive_ptr<c10d::Store>& store, const ProcessEnvironment& processes) {
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, processes.rank, processes.size, c10d::ProcessGroupNCCL::Options::create());
}

}  // namespace lobule
