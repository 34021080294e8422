#include <set>
#include <stdexcept>

#include "onnx_wire.h"

namespace lobule::onnx_wire {
namespace {

void define(std::set<std::string>& defined, const std::string& name) {
  if (name.empty()) throw std::runtime_error("ONNX graph has an input or weight without a name");
  if (!defined.insert(name).second) throw std::runtime_error("ONNX graph defines '" + name + "' twice");
}

void check_node(const OnnxNode& node, std::set<std::string>& defined) {
  const std::string what = "ONNX node '" + node.name + "' (" + node.op_type + ") ";
  if (node.op_type.empty()) throw std::runtime_error("ONNX node '" + node.name + "' has no operator");
  if (!node.domain.empty() && node.domain != "ai.onnx") {
    throw std::runtime_error(what + "is of domain '" + node.domain + "', which is not supported");
  }
  for (const std::string& input : node.inputs) {
    if (!input.empty() && defined.count(input) == 0) {
      throw std::runtime_error(what + "uses '" + input + "', which nothing before it defines");
    }
  }
  std::set<std::string> attributes;
  for (const OnnxAttribute& attribute : node.attributes) {
    if (!attributes.insert(attribute.name).second) {
      throw std::runtime_error(what + "has attribute '" + attribute.name + "' twice");
    }
  }
  bool has_output = false;
  for (const std::string& output : node.outputs) {
    if (output.empty()) continue;  // an optional output that nobody wants
    has_output = true;
    define(defined, output);
  }
  if (!has_output) throw std::runtime_error(what + "has no output");
}

}  // namespace

void check_graph(const OnnxGraph& graph) {
  std::set<std::string> defined;
  for (const OnnxValueInfo& input : graph.inputs) define(defined, input.name);
  for (const OnnxTensor& tensor : graph.initializers) define(defined, tensor.name);
  for (const OnnxNode& node : graph.nodes) check_node(node, defined);
  std::set<std::string> outputs;
  for (const OnnxValueInfo& output : graph.outputs) {
    if (defined.count(output.name) == 0) {
      throw std::runtime_error("ONNX graph's output '" + output.name + "' is not defined");
    }
    define(outputs, output.name);
  }
  if (graph.inputs.empty()) throw std::runtime_error("ONNX graph has no input");
  if (graph.outputs.empty()) throw std::runtime_error("ONNX graph has no output");
}

}  // namespace lobule::onnx_wire
