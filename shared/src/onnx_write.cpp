#include <protozero/pbf_writer.hpp>

#include "lobule/onnx_file.h"

// Field numbers are those of onnx.proto3. Fields are written in the order of their numbers where the specification's own
// library does, so that metadata_props come last.
namespace lobule {
namespace {

using protozero::pbf_writer;

std::string tensor_message(const OnnxTensor& tensor) {
  std::string bytes;
  bytes.reserve(tensor.raw_data.size() + tensor.name.size() + 64);
  pbf_writer writer{bytes};
  for (const std::int64_t dim : tensor.dims) writer.add_int64(1, dim);
  writer.add_int32(2, static_cast<int>(tensor.type));
  writer.add_string(8, tensor.name);
  writer.add_bytes(9, tensor.raw_data);
  return bytes;
}

std::string attribute_message(const OnnxAttribute& attribute) {
  std::string bytes;
  pbf_writer writer{bytes};
  writer.add_string(1, attribute.name);
  using Type = OnnxAttribute::Type;
  switch (attribute.type) {
    case Type::undefined:
      break;
    case Type::real:
      writer.add_float(2, attribute.f);
      break;
    case Type::integer:
      writer.add_int64(3, attribute.i);
      break;
    case Type::string:
      writer.add_bytes(4, attribute.s);
      break;
    case Type::tensor:
      writer.add_message(5, tensor_message(attribute.t));
      break;
    case Type::reals:
      for (const float value : attribute.floats) writer.add_float(7, value);
      break;
    case Type::integers:
      for (const std::int64_t value : attribute.ints) writer.add_int64(8, value);
      break;
    case Type::strings:
      for (const std::string& value : attribute.strings) writer.add_bytes(9, value);
      break;
  }
  writer.add_int32(20, static_cast<int>(attribute.type));
  return bytes;
}

std::string node_message(const OnnxNode& node) {
  std::string bytes;
  pbf_writer writer{bytes};
  for (const std::string& input : node.inputs) writer.add_string(1, input);
  for (const std::string& output : node.outputs) writer.add_string(2, output);
  if (!node.name.empty()) writer.add_string(3, node.name);
  writer.add_string(4, node.op_type);
  for (const OnnxAttribute& attribute : node.attributes) writer.add_message(5, attribute_message(attribute));
  if (!node.domain.empty()) writer.add_string(7, node.domain);
  return bytes;
}

// Whole strings rather than nested writers here: protozero drops a nested message that stays empty, and an unknown dimension is one.
std::string shape_message(const std::vector<OnnxDim>& dims) {
  std::string bytes;
  pbf_writer writer{bytes};
  for (const OnnxDim& dim : dims) {
    std::string dim_bytes;
    pbf_writer dim_writer{dim_bytes};
    if (dim.value >= 0) {
      dim_writer.add_int64(1, dim.value);
    } else if (!dim.symbol.empty()) {
      dim_writer.add_string(2, dim.symbol);
    }
    writer.add_message(1, dim_bytes);
  }
  return bytes;
}

std::string value_info_message(const OnnxValueInfo& value) {
  std::string bytes;
  pbf_writer writer{bytes};
  writer.add_string(1, value.name);
  pbf_writer type{writer, 2};
  pbf_writer tensor_type{type, 1};
  tensor_type.add_int32(1, static_cast<int>(value.type));
  tensor_type.add_message(2, shape_message(value.dims));
  return bytes;
}

std::string graph_message(const OnnxGraph& graph) {
  std::string bytes;
  pbf_writer writer{bytes};
  for (const OnnxNode& node : graph.nodes) writer.add_message(1, node_message(node));
  writer.add_string(2, graph.name);
  for (const OnnxTensor& tensor : graph.initializers) writer.add_message(5, tensor_message(tensor));
  for (const OnnxValueInfo& input : graph.inputs) writer.add_message(11, value_info_message(input));
  for (const OnnxValueInfo& output : graph.outputs) writer.add_message(12, value_info_message(output));
  return bytes;
}

}  // namespace

std::string serialize_onnx(const OnnxModel& model) {
  std::string bytes;
  pbf_writer writer{bytes};
  writer.add_int64(1, model.ir_version);
  if (!model.producer_name.empty()) writer.add_string(2, model.producer_name);
  if (!model.producer_version.empty()) writer.add_string(3, model.producer_version);
  if (!model.doc_string.empty()) writer.add_string(6, model.doc_string);
  writer.add_message(7, graph_message(model.graph));
  {
    pbf_writer opset{writer, 8};
    opset.add_int64(2, model.opset_version);
  }
  for (const auto& [key, value] : model.metadata_props) {
    pbf_writer entry{writer, 14};
    entry.add_string(1, key);
    entry.add_string(2, value);
  }
  return bytes;
}

}  // namespace lobule
