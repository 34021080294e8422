#include "device.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <stdexcept>

namespace lobule {

torch::Device choose_device(const std::string& name, int local_rank) {
  if (name == "cpu") return {torch::kCPU};
  if (name != "cuda" && name != "auto") throw std::runtime_error("unknown device '" + name + "'; known: cpu, cuda, auto");
  if (torch::cuda::is_available()) {
    const int devices = torch::cuda::device_count();
    if (local_rank >= devices) {
      throw std::runtime_error("process " + std::to_string(local_rank) + " of this machine has no CUDA device: there are " + std::to_string(devices));
    }
    const torch::Device device(torch::kCUDA, static_cast<c10::DeviceIndex>(local_rank));
    c10::impl::VirtualGuardImpl(torch::kCUDA).setDevice(device);
    return device;
  }
  if (name == "auto") return {torch::kCPU};
  throw std::runtime_error("no CUDA device here: choose --device cpu or auto, or check the driver and that LibTorch was built with CUDA");
}

}  // namespace lobule
