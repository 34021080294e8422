#include "device.h"

#include <stdexcept>

namespace lobule {

torch::Device choose_device(const std::string& name) {
  if (name == "cpu") return {torch::kCPU};
  if (name != "cuda" && name != "auto") throw std::runtime_error("unknown device '" + name + "'; known: cpu, cuda, auto");
  if (torch::cuda::is_available()) return {torch::kCUDA};
  if (name == "auto") return {torch::kCPU};
  throw std::runtime_error("no CUDA device here: choose --device cpu or auto, or check the driver and that LibTorch was built with CUDA");
}

}  // namespace lobule
