#pragma once

#include <torch/torch.h>

#include <span>
#include <string>
#include <vector>

#include "lobule/onnx_file.h"
#include "onnx_graph_builder.h"
#include "onnx_interpreter.h"

namespace lobule {

/// A model of one operator, written and read back as a file: input "x" [N, dims...], output "y".
inline OnnxModel operator_model(const std::string& op_type, const std::vector<std::int64_t>& dims, const std::vector<torch::Tensor>& weights,
                                const std::vector<OnnxAttribute>& attributes = {}) {
  OnnxGraphBuilder builder("test", false);
  std::vector<std::string> inputs = {builder.input("x", dims)};
  for (const torch::Tensor& weight : weights) {
    const std::string name(inputs.size(), 'w');
    if (!weight.defined()) {
      inputs.emplace_back();
    } else if (weight.scalar_type() == torch::kInt64) {
      inputs.push_back(builder.integers(name, {weight.const_data_ptr<std::int64_t>(), weight.const_data_ptr<std::int64_t>() + weight.numel()}));
    } else {
      inputs.push_back(builder.weight(name, weight));
    }
  }
  builder.node(op_type, inputs, "y", attributes);
  builder.output("y", {});
  OnnxModel model;
  model.graph = builder.graph();
  const std::string bytes = serialize_onnx(model);
  return parse_onnx(std::as_bytes(std::span(bytes)));
}

/// y of that model for x.
inline torch::Tensor run_operator(const std::string& op_type, const torch::Tensor& x, const std::vector<torch::Tensor>& weights = {},
                                  const std::vector<OnnxAttribute>& attributes = {}) {
  std::vector<std::int64_t> dims = x.sizes().vec();
  dims.erase(dims.begin());
  return OnnxInterpreter(operator_model(op_type, dims, weights, attributes), x.device()).run(x).at("y");
}

/// Largest |difference|; infinity when shapes differ or a value is not a number.
inline double farthest(const torch::Tensor& a, const torch::Tensor& b) {
  if (a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  const double difference = (a.to(torch::kFloat64) - b.to(torch::kFloat64)).abs().max().item<double>();
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

}  // namespace lobule
