#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include <cstdlib>

#include "process_backend.h"

namespace lobule {

c10::intrusive_ptr<c10d::Backend> make_host_backend(const c10::intrusive_ptr<c10d::Store>& store, const ProcessEnvironment& processes) {
  const auto options = c10d::ProcessGroupGloo::Options::create();  // half an hour for a collective, as PyTorch; ProcessWatch knows earlier of a lost process
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");       // as in PyTorch, for machines with several networks
  options->devices.push_back(interface != nullptr && *interface != '\0' ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                                                        : c10d::ProcessGroupGloo::createDefaultDevice());
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, processes.rank, processes.size, options);
}

}  // namespace lobule
