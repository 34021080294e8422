#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

#include "lobule/onnx_file.h"

namespace lobule {

/// Runs an ONNX graph on LibTorch tensors, on CPU or CUDA, for the operators that our networks use. The constructor throws std::runtime_error naming
/// the operator (and node) that it does not know, before anything runs.
class OnnxInterpreter {
 public:
  OnnxInterpreter(const OnnxModel& model, torch::Device device);

  /// input: [N, 3, h, w] float32. Returns the graph's outputs by name, on the device.
  std::map<std::string, torch::Tensor> run(const torch::Tensor& input) const;

 private:
  OnnxGraph graph_;
  torch::Device device_;
  std::map<std::string, torch::Tensor> weights_;
};

}  // namespace lobule
