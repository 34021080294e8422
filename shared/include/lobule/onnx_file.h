#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace lobule {

/// The parts of onnx.proto3 (ONNX 1.x, IR 8) that classification networks use, read and written with protozero. Names as in the specification.

/// TensorProto.DataType values that we handle.
enum class OnnxType : int { undefined = 0, float32 = 1, uint8 = 2, int8 = 3, int32 = 6, int64 = 7, boolean = 9, float16 = 10, float64 = 11 };

/// Bytes an element takes; 0 for undefined.
std::size_t element_size(OnnxType type);

struct OnnxTensor {
  std::string name;
  OnnxType type = OnnxType::undefined;
  std::vector<std::int64_t> dims;
  std::string raw_data;                // little-endian, row-major; float_data, int64_data and int32_data are brought into this form on reading
  std::int64_t element_count() const;  // product of dims; 1 for a scalar
};

struct OnnxAttribute {
  /// AttributeProto.AttributeType
  enum class Type : int { undefined = 0, real = 1, integer = 2, string = 3, tensor = 4, reals = 6, integers = 7, strings = 8 };
  std::string name;
  Type type = Type::undefined;
  float f = 0;
  std::int64_t i = 0;
  std::string s;
  OnnxTensor t;
  std::vector<float> floats;
  std::vector<std::int64_t> ints;
  std::vector<std::string> strings;
};

struct OnnxNode {
  std::string op_type;
  std::string name;
  std::string domain;
  std::vector<std::string> inputs;  // an empty name is an absent optional input
  std::vector<std::string> outputs;
  std::vector<OnnxAttribute> attributes;
  const OnnxAttribute* find_attribute(const std::string& attribute_name) const;  // nullptr when absent
};

struct OnnxDim {
  std::int64_t value = -1;  // -1: symbolic or unknown
  std::string symbol;       // "N"
};

struct OnnxValueInfo {
  std::string name;
  OnnxType type = OnnxType::float32;
  std::vector<OnnxDim> dims;
};

struct OnnxGraph {
  std::string name;
  std::vector<OnnxNode> nodes;  // in topological order
  std::vector<OnnxTensor> initializers;
  std::vector<OnnxValueInfo> inputs;
  std::vector<OnnxValueInfo> outputs;
  const OnnxTensor* find_initializer(const std::string& initializer_name) const;  // nullptr when absent
};

struct OnnxModel {
  std::int64_t ir_version = 8;
  std::int64_t opset_version = 17;  // of the default domain
  std::string producer_name;
  std::string producer_version;
  std::string doc_string;
  std::vector<std::pair<std::string, std::string>> metadata_props;  // in file order
  OnnxGraph graph;
  const std::string* find_metadata(const std::string& key) const;  // nullptr when absent
};

/// Reads the wire format. Refuses, with the cause: what is not ONNX or cut short, an initializer whose data does not have the size that its shape says,
/// negative or overflowing dims, external data, subgraphs, sparse tensors, graphs that use an undefined name or define one twice (so nodes in a cycle, too), IR
/// versions outside 3..13, opsets outside 13..21 of the default domain, other domains. What a graph computes is check_onnx_graph's matter. Throws std::runtime_error.
OnnxModel parse_onnx(std::span<const std::byte> bytes);

/// The wire format; equal models give equal bytes.
std::string serialize_onnx(const OnnxModel& model);

}  // namespace lobule
