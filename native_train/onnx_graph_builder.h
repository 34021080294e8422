#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "lobule/onnx_file.h"

namespace lobule {

OnnxAttribute integer_attribute(const std::string& name, std::int64_t value);
OnnxAttribute integers_attribute(const std::string& name, const std::vector<std::int64_t>& values);

/// Builds an ONNX graph node by node; each call returns the name of the value that it defines. Node names are those of their outputs.
class OnnxGraphBuilder {
 public:
  OnnxGraphBuilder(const std::string& graph_name, bool half_weights);

  /// A float value whose first dimension is the batch ("N"); dims are the others.
  std::string input(const std::string& name, const std::vector<std::int64_t>& dims);
  void output(const std::string& name, const std::vector<std::int64_t>& dims);

  /// A weight as float32, or (two dimensions and more, when asked for) as float16 with a Cast to float32.
  std::string weight(const std::string& name, const torch::Tensor& values);
  /// A weight as float32 always.
  std::string exact_weight(const std::string& name, const torch::Tensor& values);
  /// An int64 vector: the shape or axes input of an operator.
  std::string integers(const std::string& name, const std::vector<std::int64_t>& values);

  std::string node(const std::string& op_type, const std::vector<std::string>& inputs, const std::string& output,
                   const std::vector<OnnxAttribute>& attributes = {});

  /// Conv with explicit pads: top, left, bottom, right. bias: an empty name for none.
  std::string conv(const std::string& input, const std::string& weight, const std::string& bias, const std::string& output, std::int64_t stride,
                   const std::vector<std::int64_t>& pads, std::int64_t groups = 1);

  const OnnxGraph& graph() const { return graph_; }

 private:
  OnnxGraph graph_;
  bool half_weights_;
};

/// What a weight becomes when it is stored as float16 and cast back.
torch::Tensor as_stored(const torch::Tensor& values, bool half_weights);

}  // namespace lobule
