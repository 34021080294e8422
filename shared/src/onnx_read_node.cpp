#include <stdexcept>

#include "onnx_wire.h"

// Field numbers are those of onnx.proto3's AttributeProto and NodeProto.
namespace lobule::onnx_wire {
namespace {

using protozero::data_view;
constexpr auto kVarint = pbf_wire_type::varint;
constexpr auto kBytes = pbf_wire_type::length_delimited;
constexpr auto kFixed32 = pbf_wire_type::fixed32;

OnnxAttribute read_attribute(data_view bytes, Allowance& allowance) {
  OnnxAttribute attribute;
  int type = 0;
  bool has_tensor = false;
  bool unsupported = false;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        attribute.name = read_text(reader, allowance);
        break;
      case tag_and_type(20, kVarint):
        type = reader.get_int32();
        break;
      case tag_and_type(2, kFixed32):
        attribute.f = reader.get_float();
        break;
      case tag_and_type(3, kVarint):
        attribute.i = reader.get_int64();
        break;
      case tag_and_type(4, kBytes):
        attribute.s = read_text(reader, allowance);
        break;
      case tag_and_type(5, kBytes):
        if (has_tensor) throw std::runtime_error("ONNX attribute '" + attribute.name + "' has two tensors");
        has_tensor = true;
        attribute.t = read_tensor(reader.get_view(), allowance);
        break;
      case tag_and_type(7, kFixed32):
        add(attribute.floats, reader.get_float(), allowance);
        break;
      case tag_and_type(7, kBytes):
        for (const float value : reader.get_packed_float()) add(attribute.floats, value, allowance);
        break;
      case tag_and_type(8, kVarint):
        add(attribute.ints, reader.get_int64(), allowance);
        break;
      case tag_and_type(8, kBytes):
        for (const std::int64_t value : reader.get_packed_int64()) add(attribute.ints, value, allowance);
        break;
      case tag_and_type(9, kBytes):
        add(attribute.strings, read_text(reader, allowance), allowance);
        break;
      default:
        // graphs, sparse tensors, lists of tensors, types; a reference to a function's attribute
        unsupported = unsupported || reader.tag() == 6 || (reader.tag() >= 10 && reader.tag() != 13);
        reader.skip();
    }
  }
  using Type = OnnxAttribute::Type;
  attribute.type = static_cast<Type>(type);
  const bool known = (type >= 1 && type <= 4) || (type >= 6 && type <= 8);
  if (unsupported || !known || has_tensor != (attribute.type == Type::tensor)) {
    throw std::runtime_error("ONNX attribute '" + attribute.name + "' is of a kind that is not supported (subgraphs, sparse tensors and functions are not)");
  }
  return attribute;
}

}  // namespace

OnnxNode read_node(data_view bytes, Allowance& allowance) {
  OnnxNode node;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        add(node.inputs, read_text(reader, allowance), allowance);
        break;
      case tag_and_type(2, kBytes):
        add(node.outputs, read_text(reader, allowance), allowance);
        break;
      case tag_and_type(3, kBytes):
        node.name = read_text(reader, allowance);
        break;
      case tag_and_type(4, kBytes):
        node.op_type = read_text(reader, allowance);
        break;
      case tag_and_type(5, kBytes):
        add(node.attributes, read_attribute(reader.get_view(), allowance), allowance);
        break;
      case tag_and_type(7, kBytes):
        node.domain = read_text(reader, allowance);
        break;
      default:
        reader.skip();
    }
  }
  return node;
}

}  // namespace lobule::onnx_wire
