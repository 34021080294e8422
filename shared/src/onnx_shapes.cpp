#include "onnx_shapes.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>

namespace lobule::onnx_shapes {
namespace {

constexpr std::int64_t kBeyondAll = std::int64_t{1} << 62;

/// The list of operators that a model may use.
const std::map<std::string, Operator>& operators() {
  static const std::set<std::string> windows = {"auto_pad", "dilations", "kernel_shape", "pads", "strides"};
  static const auto windows_and = [](std::set<std::string> others) {
    others.insert(windows.begin(), windows.end());
    return others;
  };
  static const std::map<std::string, Operator> table = {
      {"Add", {2, 2, {}, binary}},
      {"AveragePool", {1, 1, windows_and({"ceil_mode", "count_include_pad"}), pool}},
      {"Cast", {1, 1, {"to"}, cast}},
      {"Clip", {1, 3, {}, clip}},
      {"Concat", {1, 1000, {"axis"}, concat}},
      {"Constant", {0, 0, {"value", "value_float", "value_floats", "value_int", "value_ints"}, constant}},
      {"Conv", {2, 3, windows_and({"group"}), conv}},
      {"DequantizeLinear", {2, 3, {"axis"}, dequantize}},
      {"Div", {2, 2, {}, binary}},
      {"Equal", {2, 2, {}, comparison}},
      {"Flatten", {1, 1, {"axis"}, flatten}},
      {"Gather", {2, 2, {"axis"}, gather}},
      {"Gemm", {2, 3, {"alpha", "beta", "transA", "transB"}, gemm}},
      {"GlobalAveragePool", {1, 1, {}, global_average_pool}},
      {"Greater", {2, 2, {}, comparison}},
      {"Identity", {1, 1, {}, unary}},
      {"Less", {2, 2, {}, comparison}},
      {"MatMul", {2, 2, {}, matmul}},
      {"MaxPool", {1, 1, windows_and({"ceil_mode", "storage_order"}), pool}},
      {"Mul", {2, 2, {}, binary}},
      {"ReduceMean", {1, 2, {"axes", "keepdims", "noop_with_empty_axes"}, reduce}},
      {"Relu", {1, 1, {}, unary}},
      {"Reshape", {2, 2, {"allowzero"}, reshape}},
      {"Shape", {1, 1, {"end", "start"}, shape}},
      {"Sigmoid", {1, 1, {}, unary}},
      {"Sign", {1, 1, {}, unary}},
      {"Slice", {3, 5, {}, slice}},
      {"Softmax", {1, 1, {"axis"}, softmax}},
      {"Squeeze", {1, 2, {}, squeeze}},
      {"Sub", {2, 2, {}, binary}},
      {"Transpose", {1, 1, {"perm"}, transpose}},
      {"Unsqueeze", {2, 2, {}, unsqueeze}},
      {"Where", {3, 3, {}, where}},
  };
  return table;
}

/// Elements of this many bytes are all finite: no exponent has all bits set.
template <typename Bits>
bool are_finite(const std::string& raw, Bits exponent) {
  for (std::size_t i = 0; i + sizeof(Bits) <= raw.size(); i += sizeof(Bits)) {
    Bits bits = 0;
    std::memcpy(&bits, raw.data() + i, sizeof bits);
    if ((bits & exponent) == exponent) return false;
  }
  return true;
}

bool is_finite(const OnnxTensor& tensor) {
  if (tensor.type == OnnxType::float16) return are_finite<std::uint16_t>(tensor.raw_data, 0x7C00);
  if (tensor.type == OnnxType::float32) return are_finite<std::uint32_t>(tensor.raw_data, 0x7F800000);
  if (tensor.type == OnnxType::float64) return are_finite<std::uint64_t>(tensor.raw_data, 0x7FF0000000000000);
  return true;
}

std::optional<Dims> integers_of(const OnnxTensor& tensor) {
  if (tensor.type != OnnxType::int64 || tensor.dims.size() > 1 || tensor.raw_data.size() > kMostIntegers * sizeof(std::int64_t)) return std::nullopt;
  Dims integers(tensor.raw_data.size() / sizeof(std::int64_t));
  std::memcpy(integers.data(), tensor.raw_data.data(), integers.size() * sizeof(std::int64_t));
  return integers;
}

}  // namespace

std::int64_t bounded_sum(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? kBeyondAll : std::min(sum, kBeyondAll);
}

std::int64_t bounded_product(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? kBeyondAll : std::min(product, kBeyondAll);
}

std::int64_t count_elements(const Dims& dims) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 1) throw std::runtime_error("has a size of " + std::to_string(dim));
    count = bounded_product(count, dim);
  }
  if (count > std::int64_t{1} << 31) throw std::runtime_error("has more than 2^31 elements");
  return count;
}

void Node::refuse(const std::string& cause) const { throw std::runtime_error("ONNX node '" + node_.name + "' (" + node_.op_type + ") " + cause); }

const Value& Node::input(std::size_t index) const {
  if (!has(index)) refuse("lacks its input " + std::to_string(index + 1));
  return *inputs_[index];
}

const Value& Node::float_input(std::size_t index) const {
  const Value& value = input(index);
  if (value.type != OnnxType::float32) refuse("has an input '" + node_.inputs[index] + "' that is not float32");
  return value;
}

const Dims& Node::integers(std::size_t index) const {
  const Value& value = input(index);
  if (!value.integers) refuse("has an input '" + node_.inputs[index] + "' that is no short list of int64, or depends on the image");
  return *value.integers;
}

const OnnxAttribute* Node::find(const std::string& attribute, OnnxAttribute::Type type) const {
  const OnnxAttribute* found = node_.find_attribute(attribute);
  if (found != nullptr && found->type != type) refuse("has the attribute " + attribute + " of another type than the specification's");
  return found;
}

std::int64_t Node::integer(const std::string& attribute, std::int64_t otherwise) const {
  const OnnxAttribute* found = find(attribute, OnnxAttribute::Type::integer);
  return found == nullptr ? otherwise : found->i;
}

Dims Node::list(const std::string& attribute, const Dims& otherwise) const {
  const OnnxAttribute* found = find(attribute, OnnxAttribute::Type::integers);
  return found == nullptr ? otherwise : found->ints;
}

std::size_t Node::axis(std::int64_t given, std::size_t rank) const {
  const auto most = static_cast<std::int64_t>(rank);
  if (given < -most || given >= most) refuse("has axis " + std::to_string(given) + " of a value with " + std::to_string(rank) + " dimensions");
  return static_cast<std::size_t>(given < 0 ? given + most : given);
}

std::int64_t Node::elements(const Dims& dims) const {
  try {
    return count_elements(dims);
  } catch (const std::runtime_error& error) {
    refuse(std::string("gives or takes a value that ") + error.what());
  }
}

const Operator* find_operator(const std::string& op_type) {
  const auto found = operators().find(op_type);
  return found == operators().end() ? nullptr : &found->second;
}

Value value_of(const OnnxTensor& tensor) {
  const std::string what = "ONNX tensor '" + tensor.name + "' ";
  try {
    count_elements(tensor.dims);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(what + error.what());
  }
  if (!is_finite(tensor)) throw std::runtime_error(what + "holds a number that is not finite (NaN or infinity)");
  return {tensor.type, tensor.dims, integers_of(tensor)};
}

Dims broadcast(const Node& node, const Dims& a, const Dims& b) {
  const Dims& longer = a.size() >= b.size() ? a : b;
  const Dims& shorter = a.size() >= b.size() ? b : a;
  Dims dims = longer;
  const std::size_t ahead = longer.size() - shorter.size();
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    std::int64_t& dim = dims[ahead + i];
    if (dim != shorter[i] && dim != 1 && shorter[i] != 1) node.refuse("has inputs of sizes that do not go together");
    dim = std::max(dim, shorter[i]);
  }
  return dims;
}

}  // namespace lobule::onnx_shapes
