#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "onnx_wire.h"

namespace lobule::onnx_wire {
namespace {

// Field numbers of TensorProto in onnx.proto3.
constexpr protozero::pbf_tag_type kDims = 1, kDataType = 2, kSegment = 3, kFloatData = 4, kInt32Data = 5, kStringData = 6, kInt64Data = 7, kName = 8,
                                  kRawData = 9, kDoubleData = 10, kUint64Data = 11, kExternalData = 13, kDataLocation = 14;
constexpr std::size_t kMaxDims = 8;

[[noreturn]] void refuse(const OnnxTensor& tensor, const std::string& cause) { throw std::runtime_error("ONNX tensor '" + tensor.name + "' " + cause); }

/// Reads what says how large the data must be, and refuses what we never read.
OnnxTensor read_description(Reader reader, Allowance& allowance) {
  OnnxTensor tensor;
  int data_type = 0;
  const char* refused = nullptr;
  const auto add_dim = [&](std::int64_t dim) {
    if (tensor.dims.size() == kMaxDims) refuse(tensor, "has more than 8 dimensions");
    tensor.dims.push_back(dim);
  };
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(kDims, pbf_wire_type::varint):
        add_dim(reader.get_int64());
        break;
      case tag_and_type(kDims, pbf_wire_type::length_delimited):
        for (const std::int64_t dim : reader.get_packed_int64()) add_dim(dim);
        break;
      case tag_and_type(kDataType, pbf_wire_type::varint):
        data_type = reader.get_int32();
        break;
      case tag_and_type(kName, pbf_wire_type::length_delimited):
        tensor.name = read_text(reader, allowance);
        break;
      case tag_and_type(kDataLocation, pbf_wire_type::varint):
        if (reader.get_int32() != 0) refused = "keeps its data in another file, which is not supported";
        break;
      default:
        if (reader.tag() == kExternalData) refused = "keeps its data in another file, which is not supported";
        if (reader.tag() == kSegment) refused = "is stored in segments, which is not supported";
        if (reader.tag() == kStringData || reader.tag() == kUint64Data) refused = "has data of a type that is not supported";
        reader.skip();
    }
  }
  if (refused != nullptr) refuse(tensor, refused);
  tensor.type = checked_type(data_type, "tensor '" + tensor.name + "'");
  return tensor;
}

/// Bytes that the shape asks for, found without overflow.
std::size_t shape_bytes(const OnnxTensor& tensor) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  auto bytes = static_cast<std::int64_t>(element_size(tensor.type));
  for (const std::int64_t dim : tensor.dims) {
    if (dim < 0) refuse(tensor, "has a negative dimension");
    if (dim > kMost || (dim != 0 && bytes > kMost / dim)) refuse(tensor, "has a shape of more than 2 GiB");
    bytes *= dim;
  }
  return static_cast<std::size_t>(bytes);
}

/// Appends values one by one, never beyond what the shape asks for: memory grows with the file, not with its claims.
class RawData {
 public:
  RawData(OnnxTensor& tensor, std::size_t expected) : tensor_(tensor), expected_(expected) {}

  template <typename Stored>
  void append(Stored value) {
    append_bytes(reinterpret_cast<const char*>(&value), sizeof value);  // both of our machines are little-endian
  }

  void append_bytes(const char* bytes, std::size_t size) {
    if (size > expected_ - tensor_.raw_data.size()) refuse(tensor_, "has more data than its shape says");
    tensor_.raw_data.append(bytes, size);
  }

  /// int32_data holds every integer type of up to 32 bits, and float16 as its bit pattern.
  void append_int32(std::int32_t value) {
    switch (tensor_.type) {
      case OnnxType::int32:
        return append(value);
      case OnnxType::uint8:
      case OnnxType::boolean:
        return append_narrow<std::uint8_t>(value);
      case OnnxType::int8:
        return append_narrow<std::int8_t>(value);
      case OnnxType::float16:
        return append_narrow<std::uint16_t>(value);
      default:
        refuse(tensor_, "has int32_data, which its data type does not use");
    }
  }

 private:
  template <typename Narrow>
  void append_narrow(std::int32_t value) {
    const auto narrow = static_cast<Narrow>(value);
    if (static_cast<std::int32_t>(narrow) != value) refuse(tensor_, "has a value outside its data type");
    append(narrow);
  }

  OnnxTensor& tensor_;
  std::size_t expected_;
};

}  // namespace

OnnxTensor read_tensor(protozero::data_view bytes, Allowance& allowance) {
  OnnxTensor tensor = read_description(Reader{bytes}, allowance);
  const std::size_t expected = shape_bytes(tensor);
  allowance.take_tensor_data(expected);
  RawData data(tensor, expected);
  const auto need = [&](OnnxType type, const char* field) {
    if (tensor.type != type) refuse(tensor, std::string("has ") + field + ", which its data type does not use");
  };
  bool raw = false;
  bool typed = false;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(kRawData, pbf_wire_type::length_delimited): {
        if (raw) refuse(tensor, "has two blocks of raw data");
        raw = true;
        const protozero::data_view view = reader.get_view();
        data.append_bytes(view.data(), view.size());
        continue;
      }
      case tag_and_type(kFloatData, pbf_wire_type::length_delimited):
        need(OnnxType::float32, "float_data");
        for (const float value : reader.get_packed_float()) data.append(value);
        break;
      case tag_and_type(kFloatData, pbf_wire_type::fixed32):
        need(OnnxType::float32, "float_data");
        data.append(reader.get_float());
        break;
      case tag_and_type(kDoubleData, pbf_wire_type::length_delimited):
        need(OnnxType::float64, "double_data");
        for (const double value : reader.get_packed_double()) data.append(value);
        break;
      case tag_and_type(kDoubleData, pbf_wire_type::fixed64):
        need(OnnxType::float64, "double_data");
        data.append(reader.get_double());
        break;
      case tag_and_type(kInt64Data, pbf_wire_type::length_delimited):
        need(OnnxType::int64, "int64_data");
        for (const std::int64_t value : reader.get_packed_int64()) data.append(value);
        break;
      case tag_and_type(kInt64Data, pbf_wire_type::varint):
        need(OnnxType::int64, "int64_data");
        data.append(reader.get_int64());
        break;
      case tag_and_type(kInt32Data, pbf_wire_type::length_delimited):
        for (const std::int32_t value : reader.get_packed_int32()) data.append_int32(value);
        break;
      case tag_and_type(kInt32Data, pbf_wire_type::varint):
        data.append_int32(reader.get_int32());
        break;
      default:
        reader.skip();
        continue;
    }
    typed = true;
  }
  if (raw && typed) refuse(tensor, "has its data twice");
  if (tensor.raw_data.size() != expected) {
    refuse(tensor, "has " + std::to_string(tensor.raw_data.size()) + " bytes of data; its shape says " + std::to_string(expected));
  }
  return tensor;
}

}  // namespace lobule::onnx_wire
