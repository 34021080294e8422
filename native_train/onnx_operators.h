#pragma once

#include <torch/torch.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lobule/onnx_file.h"

namespace lobule {

/// Inputs of a node in its order; an undefined tensor is an absent optional one.
using OnnxOperator = std::function<torch::Tensor(const std::vector<torch::Tensor>& inputs)>;

/// What a node computes, its attributes read and checked. constants: weights and what follows from them alone, by name.
/// Throws std::runtime_error naming the node and its operator, input or attribute that is not known.
OnnxOperator make_onnx_operator(const OnnxNode& node, const std::map<std::string, torch::Tensor>& constants);

/// "ONNX node 'conv1' (Conv)", for messages.
std::string describe(const OnnxNode& node);

/// Throws std::logic_error for a type that parse_onnx does not let through.
torch::ScalarType torch_type(OnnxType type);

}  // namespace lobule
