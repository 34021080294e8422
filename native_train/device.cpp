#include "device.h"

#include <c10/core/CachingDeviceAllocator.h>
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

std::optional<MemoryUse> device_memory() {
  if (!torch::cuda::is_available()) return std::nullopt;
  auto* allocator = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(torch::kCUDA));
  if (allocator == nullptr || !allocator->initialized()) return std::nullopt;
  const c10::DeviceIndex device = c10::impl::VirtualGuardImpl(torch::kCUDA).getDevice().index();
  const auto reserved = allocator->getDeviceStats(device).reserved_bytes[static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
  return MemoryUse{reserved.current, reserved.peak};
}

}  // namespace lobule
