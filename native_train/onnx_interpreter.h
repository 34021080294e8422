#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <vector>

#include "lobule/onnx_file.h"
#include "onnx_operators.h"

namespace lobule {

/// Runs an ONNX graph on LibTorch tensors, on CPU or CUDA, for the operators that our networks use. The constructor throws std::runtime_error
/// naming the operator (and node) that it does not know, before anything runs.
class OnnxInterpreter {
 public:
  OnnxInterpreter(const OnnxModel& model, torch::Device device);

  /// input: float32 of the shape that the graph says (logic_error otherwise), on any device. Returns the graph's outputs by name, on the
  /// interpreter's device. Throws std::runtime_error naming the node whose inputs do not fit it.
  std::map<std::string, torch::Tensor> run(const torch::Tensor& input) const;

 private:
  struct Step {
    std::string description;
    OnnxOperator compute;
    std::vector<std::string> inputs;  // an empty name is an absent input
    std::string output;
    std::vector<std::string> done_with;  // values that no later step reads
  };

  static torch::Tensor compute(const Step& step, const std::vector<torch::Tensor>& inputs);
  void check_input(const torch::Tensor& input) const;

  torch::Device device_;
  OnnxValueInfo input_;
  std::vector<std::string> outputs_;
  std::map<std::string, torch::Tensor> constants_;  // weights, and what follows from them alone
  std::vector<Step> steps_;
};

}  // namespace lobule
