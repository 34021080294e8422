#include "lobule/onnx_bounds.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "onnx_shapes.h"

namespace lobule {
namespace {

using namespace onnx_shapes;

/// A value on its way through the graph.
struct Known {
  Value value;
  std::int64_t bytes = 0;
  bool fixed = false;  // follows from weights alone: backends compute it once and keep it
};

class Walk {
 public:
  Walk(const OnnxGraph& graph, std::span<const std::int64_t> input_dims, const OnnxLimits& limits) : graph_(graph), limits_(limits) {
    if (graph.inputs.size() != 1) throw std::runtime_error("ONNX graph has " + std::to_string(graph.inputs.size()) + " inputs; one is supported");
    for (const OnnxTensor& tensor : graph.initializers) keep(tensor.name, value_of(tensor), true);
    check_input(graph.inputs[0], input_dims);
    keep(graph.inputs[0].name, {graph.inputs[0].type, Dims(input_dims.begin(), input_dims.end()), {}}, false);
  }

  OnnxCost walk() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      for (const std::string& name : graph_.nodes[i].inputs) {
        if (!name.empty()) last_read_[name] = i;
      }
    }
    for (const OnnxValueInfo& output : graph_.outputs) last_read_[output.name] = graph_.nodes.size();
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) step(i);
    for (const OnnxValueInfo& output : graph_.outputs) {
      const Value& value = values_.at(output.name).value;
      if (value.type != output.type) throw std::runtime_error("ONNX graph's output '" + output.name + "' is of another type than it says");
      cost_.output_dims[output.name] = value.dims;
    }
    return cost_;
  }

 private:
  /// Sizes that the file gives must be those that are asked about; open ones fit any.
  static void check_input(const OnnxValueInfo& input, std::span<const std::int64_t> dims) {
    bool fits = input.dims.size() == dims.size();
    for (std::size_t i = 0; fits && i < dims.size(); ++i) fits = input.dims[i].value < 0 || input.dims[i].value == dims[i];
    if (!fits) throw std::runtime_error("ONNX graph's input '" + input.name + "' is of another shape than the image");
  }

  void keep(const std::string& name, const Value& value, bool fixed) {
    std::int64_t bytes = 0;
    try {
      bytes = count_elements(value.dims) * static_cast<std::int64_t>(element_size(value.type));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error("ONNX value '" + name + "' " + error.what());
    }
    values_[name] = {value, bytes, fixed};
    alive_bytes_ += bytes;
    if (fixed) cost_.weight_bytes += bytes;
    take_memory(0, "ONNX value '" + name + "'");
  }

  void take_memory(std::int64_t workspace, const std::string& what) {
    cost_.peak_bytes = std::max(cost_.peak_bytes, bounded_sum(alive_bytes_, workspace));
    if (cost_.peak_bytes > limits_.peak_bytes)
      throw std::runtime_error(what + " needs more than " + std::to_string(limits_.peak_bytes >> 20) + " MiB of memory");
  }

  static void check_attributes(const Node& node, const Operator& known) {
    for (const OnnxAttribute& attribute : node.node().attributes) {
      if (known.attributes.count(attribute.name) == 0) node.refuse("has the attribute " + attribute.name + ", which is not supported");
      bool finite = std::isfinite(attribute.f);
      for (const float number : attribute.floats) finite = finite && std::isfinite(number);
      if (!finite) node.refuse("has a number that is not finite in " + attribute.name);
    }
  }

  void step(std::size_t index) {
    const OnnxNode& node = graph_.nodes[index];
    const Operator* known = find_operator(node.op_type);
    std::vector<const Value*> inputs;
    bool fixed = true;
    for (const std::string& name : node.inputs) {
      inputs.push_back(name.empty() ? nullptr : &values_.at(name).value);
      fixed = fixed && (name.empty() || values_.at(name).fixed);
    }
    const Node reader(node, std::move(inputs));
    if (known == nullptr) reader.refuse("is an operator that is not supported");
    if (node.outputs.size() != 1) reader.refuse("has " + std::to_string(node.outputs.size()) + " outputs; one is supported");
    if (node.inputs.size() < known->fewest_inputs || node.inputs.size() > known->most_inputs) {
      reader.refuse("has " + std::to_string(node.inputs.size()) + " inputs");
    }
    check_attributes(reader, *known);
    const Result result = known->rule(reader);
    keep(node.outputs[0], result.value, fixed);
    take_memory(result.workspace_bytes, "ONNX node '" + node.name + "' (" + node.op_type + ")");
    cost_.operations = bounded_sum(cost_.operations, result.operations >= 0 ? result.operations : count_elements(result.value.dims));
    if (cost_.operations > limits_.operations) reader.refuse("makes the graph need more than " + std::to_string(limits_.operations) + " operations an image");
    release_after(index);
  }

  void release_after(std::size_t index) {
    const OnnxNode& node = graph_.nodes[index];
    const auto release = [&](const std::string& name) {
      const auto found = values_.find(name);
      if (found == values_.end() || found->second.fixed) return;
      const auto read = last_read_.find(name);
      if (read != last_read_.end() && read->second > index) return;
      alive_bytes_ -= found->second.bytes;
      values_.erase(found);
    };
    for (const std::string& name : node.inputs) release(name);
    release(node.outputs[0]);  // that nothing reads
  }

  const OnnxGraph& graph_;
  OnnxLimits limits_;
  std::map<std::string, Known> values_;
  std::map<std::string, std::size_t> last_read_;
  std::int64_t alive_bytes_ = 0;
  OnnxCost cost_;
};

}  // namespace

OnnxCost check_onnx_graph(const OnnxModel& model, std::span<const std::int64_t> input_dims, const OnnxLimits& limits) {
  return Walk(model.graph, input_dims, limits).walk();
}

}  // namespace lobule
