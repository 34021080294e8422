#include "onnx_interpreter.h"

#include <cstring>
#include <set>
#include <stdexcept>

namespace lobule {
namespace {

torch::Tensor to_tensor(const OnnxTensor& tensor, torch::Device device) {
  torch::Tensor values = torch::empty(tensor.dims, torch_type(tensor.type));
  if (values.nbytes() != tensor.raw_data.size()) throw std::logic_error("ONNX tensor '" + tensor.name + "' was not checked");
  std::memcpy(values.mutable_data_ptr(), tensor.raw_data.data(), tensor.raw_data.size());
  return values.to(device);
}

}  // namespace

OnnxInterpreter::OnnxInterpreter(const OnnxModel& model, torch::Device device) : device_(device) {
  const c10::InferenceMode inference;
  const OnnxGraph& graph = model.graph;
  if (graph.inputs.size() != 1) throw std::runtime_error("ONNX graph has " + std::to_string(graph.inputs.size()) + " inputs; one is supported");
  input_ = graph.inputs[0];
  for (const OnnxValueInfo& output : graph.outputs) outputs_.push_back(output.name);
  for (const OnnxTensor& tensor : graph.initializers) constants_[tensor.name] = to_tensor(tensor, device);

  for (const OnnxNode& node : graph.nodes) {
    Step step{describe(node), make_onnx_operator(node, constants_), node.inputs, node.outputs[0], {}};
    std::vector<torch::Tensor> known;
    for (const std::string& name : node.inputs) {
      const auto found = constants_.find(name);
      if (name.empty()) known.emplace_back();
      if (found != constants_.end()) known.push_back(found->second);
    }
    if (known.size() == node.inputs.size()) {
      constants_[step.output] = compute(step, known);  // float16 weights are cast once, not for every batch
    } else {
      steps_.push_back(std::move(step));
    }
  }

  // Backwards: a value's last reader lets go of it, so that a batch needs no more memory than its largest layers.
  std::set<std::string> needed(outputs_.begin(), outputs_.end());
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    for (const std::string& name : step->inputs) {
      if (constants_.count(name) == 0 && needed.insert(name).second) step->done_with.push_back(name);
    }
  }
}

torch::Tensor OnnxInterpreter::compute(const Step& step, const std::vector<torch::Tensor>& inputs) {
  try {
    return step.compute(inputs);
  } catch (const c10::Error& error) {
    throw std::runtime_error(step.description + ": " + error.what_without_backtrace());
  }
}

void OnnxInterpreter::check_input(const torch::Tensor& input) const {
  bool fits = input.scalar_type() == torch_type(input_.type) && input.dim() == static_cast<std::int64_t>(input_.dims.size());
  for (std::size_t i = 0; fits && i < input_.dims.size(); ++i) {
    fits = input_.dims[i].value < 0 || input_.dims[i].value == input.size(static_cast<std::int64_t>(i));
  }
  if (!fits) throw std::logic_error("the interpreter was given an input of another shape or type than '" + input_.name + "'");
}

std::map<std::string, torch::Tensor> OnnxInterpreter::run(const torch::Tensor& input) const {
  const c10::InferenceMode inference;
  check_input(input);
  std::map<std::string, torch::Tensor> values;
  values[input_.name] = input.to(device_);
  const auto value = [&](const std::string& name) {
    if (name.empty()) return torch::Tensor();
    const auto found = values.find(name);
    return found != values.end() ? found->second : constants_.at(name);
  };
  for (const Step& step : steps_) {
    std::vector<torch::Tensor> inputs;
    for (const std::string& name : step.inputs) inputs.push_back(value(name));
    values[step.output] = compute(step, inputs);
    for (const std::string& name : step.done_with) values.erase(name);
  }
  std::map<std::string, torch::Tensor> outputs;
  for (const std::string& name : outputs_) outputs[name] = value(name);
  return outputs;
}

}  // namespace lobule
