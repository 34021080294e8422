#include "onnx_graph_builder.h"

#include <cstring>

#include "device.h"

namespace lobule {
namespace {

OnnxValueInfo batched(const std::string& name, const std::vector<std::int64_t>& dims) {
  OnnxValueInfo value{name, OnnxType::float32, {{-1, "N"}}};
  for (const std::int64_t dim : dims) value.dims.push_back({dim, ""});
  return value;
}

bool stored_as_half(const torch::Tensor& values, bool half_weights) { return half_weights && values.dim() >= 2; }

OnnxTensor raw_tensor(const std::string& name, OnnxType type, const torch::Tensor& values) {
  const torch::Tensor host = to_host(values).contiguous();
  OnnxTensor tensor{name, type, host.sizes().vec(), std::string(host.nbytes(), '\0')};
  std::memcpy(tensor.raw_data.data(), host.const_data_ptr(), host.nbytes());
  return tensor;
}

}  // namespace

OnnxAttribute integer_attribute(const std::string& name, std::int64_t value) {
  OnnxAttribute attribute;
  attribute.name = name;
  attribute.type = OnnxAttribute::Type::integer;
  attribute.i = value;
  return attribute;
}

OnnxAttribute integers_attribute(const std::string& name, const std::vector<std::int64_t>& values) {
  OnnxAttribute attribute;
  attribute.name = name;
  attribute.type = OnnxAttribute::Type::integers;
  attribute.ints = values;
  return attribute;
}

torch::Tensor as_stored(const torch::Tensor& values, bool half_weights) {
  return stored_as_half(values, half_weights) ? values.to(torch::kFloat16).to(torch::kFloat32) : values.to(torch::kFloat32);
}

OnnxGraphBuilder::OnnxGraphBuilder(const std::string& graph_name, bool half_weights) : half_weights_(half_weights) { graph_.name = graph_name; }

std::string OnnxGraphBuilder::input(const std::string& name, const std::vector<std::int64_t>& dims) {
  graph_.inputs.push_back(batched(name, dims));
  return name;
}

void OnnxGraphBuilder::output(const std::string& name, const std::vector<std::int64_t>& dims) { graph_.outputs.push_back(batched(name, dims)); }

std::string OnnxGraphBuilder::weight(const std::string& name, const torch::Tensor& values) {
  if (!stored_as_half(values, half_weights_)) return exact_weight(name, values);
  const std::string stored = name + ".float16";
  graph_.initializers.push_back(raw_tensor(stored, OnnxType::float16, values.detach().to(torch::kFloat16)));
  return node("Cast", {stored}, name, {integer_attribute("to", static_cast<std::int64_t>(OnnxType::float32))});
}

std::string OnnxGraphBuilder::exact_weight(const std::string& name, const torch::Tensor& values) {
  graph_.initializers.push_back(raw_tensor(name, OnnxType::float32, values.detach().to(torch::kFloat32)));
  return name;
}

std::string OnnxGraphBuilder::integers(const std::string& name, const std::vector<std::int64_t>& values) {
  graph_.initializers.push_back(raw_tensor(name, OnnxType::int64, torch::tensor(values, torch::kInt64)));
  return name;
}

std::string OnnxGraphBuilder::node(const std::string& op_type, const std::vector<std::string>& inputs, const std::string& output,
                                   const std::vector<OnnxAttribute>& attributes) {
  graph_.nodes.push_back({op_type, output, "", inputs, {output}, attributes});
  return output;
}

std::string OnnxGraphBuilder::conv(const std::string& input, const std::string& weight, const std::string& bias, const std::string& output, std::int64_t stride,
                                   const std::vector<std::int64_t>& pads, std::int64_t groups) {
  std::vector<std::string> inputs = {input, weight};
  if (!bias.empty()) inputs.push_back(bias);
  return node("Conv", inputs, output, {integers_attribute("pads", pads), integers_attribute("strides", {stride, stride}), integer_attribute("group", groups)});
}

}  // namespace lobule
