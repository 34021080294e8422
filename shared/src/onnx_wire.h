#pragma once

#include <cstddef>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lobule/onnx_file.h"

/// What the readers of ONNX's messages share.
namespace lobule::onnx_wire {

using protozero::pbf_wire_type;
using protozero::tag_and_type;

/// protozero's reader, which casts a length to ptrdiff_t before comparing it: where that has 32 bits (wasm), a length of 2 GiB or more
/// would move it backwards. So each length is checked here first.
class Reader : public protozero::pbf_reader {
 public:
  explicit Reader(protozero::data_view bytes) : protozero::pbf_reader(bytes) {}
  bool next();
};

/// Memory that a file may ask for beyond its own bytes: an empty node takes two bytes in the file and hundreds in memory. Throws
/// std::runtime_error when a take goes beyond it.
class Allowance {
 public:
  void take_structure(std::size_t bytes);
  void take_tensor_data(std::size_t bytes);

 private:
  std::size_t structure_left_ = std::size_t{64} << 20;
  std::size_t tensor_data_left_ = std::size_t{512} << 20;
};

/// A place for one more item, paid for.
template <typename Item>
void add(std::vector<Item>& items, Item item, Allowance& allowance) {
  allowance.take_structure(2 * sizeof(Item));  // a vector grows by doubling
  items.push_back(std::move(item));
}

/// The current field as text. Throws std::runtime_error when it is not UTF-8: names go into messages and JSON.
std::string read_text(Reader& reader, Allowance& allowance);

/// A TensorProto whose data has the size that its shape says, in raw form. Throws std::runtime_error naming the tensor and the cause.
OnnxTensor read_tensor(protozero::data_view bytes, Allowance& allowance);

/// A NodeProto with its attributes. Throws std::runtime_error naming an attribute of a kind that we do not handle.
OnnxNode read_node(protozero::data_view bytes, Allowance& allowance);

/// A TensorProto.DataType value as one that we handle. Throws std::runtime_error naming what has it.
OnnxType checked_type(int data_type, const std::string& what);

/// Names defined once and before use, default domain only, outputs defined. Throws std::runtime_error naming the node and the cause.
void check_graph(const OnnxGraph& graph);

}  // namespace lobule::onnx_wire
