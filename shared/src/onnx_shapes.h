#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lobule/onnx_file.h"

/// Shape inference for the operators that we know. Semantics are those of the ONNX operator specification, opsets 13 to 21.
namespace lobule::onnx_shapes {

using Dims = std::vector<std::int64_t>;

/// What is known of a value before anything runs.
struct Value {
  OnnxType type = OnnxType::float32;
  Dims dims;                     // each at least 1
  std::optional<Dims> integers;  // elements of an int64 scalar or short list that does not depend on the image: shapes, axes
};

/// What a node gives, and what it takes. What can throw is computed before one is made: g++ 12 destroys the value twice when a later member's initialiser throws.
struct Result {
  Value value;
  std::int64_t operations = -1;      // -1: one for each element of the result
  std::int64_t workspace_bytes = 0;  // beyond inputs and result
};

/// Lists longer than this are not followed: no shape has so many sizes.
inline constexpr std::size_t kMostIntegers = 64;

/// Elements of a value. Throws std::runtime_error when a size is below 1 or there are more than 2^31.
std::int64_t count_elements(const Dims& dims);

/// a + b and a * b of numbers that are not negative; 2^62 where they are larger.
std::int64_t bounded_sum(std::int64_t a, std::int64_t b);
std::int64_t bounded_product(std::int64_t a, std::int64_t b);

/// A node with what is known of its inputs. Functions that read throw std::runtime_error naming the node and the cause.
class Node {
 public:
  /// inputs: nullptr for an absent one; as many as node.inputs.
  Node(const OnnxNode& node, std::vector<const Value*> inputs) : node_(node), inputs_(std::move(inputs)) {}

  [[noreturn]] void refuse(const std::string& cause) const;
  const OnnxNode& node() const { return node_; }
  std::size_t input_count() const { return inputs_.size(); }
  bool has(std::size_t input) const { return input < inputs_.size() && inputs_[input] != nullptr; }
  const Value& input(std::size_t index) const;
  const Value& float_input(std::size_t index) const;  // float32: other types take ways through a backend that need far more memory
  const Dims& integers(std::size_t input) const;      // elements, which must not depend on the image

  std::int64_t integer(const std::string& attribute, std::int64_t otherwise) const;
  Dims list(const std::string& attribute, const Dims& otherwise) const;
  std::size_t axis(std::int64_t given, std::size_t rank) const;  // -1: the last
  std::int64_t elements(const Dims& dims) const;                 // count_elements, refused by name

 private:
  const OnnxAttribute* find(const std::string& attribute, OnnxAttribute::Type type) const;

  const OnnxNode& node_;
  std::vector<const Value*> inputs_;
};

using Rule = Result (*)(const Node&);

struct Operator {
  std::size_t fewest_inputs;
  std::size_t most_inputs;
  std::set<std::string> attributes;  // that it may have
  Rule rule;
};

/// nullptr for an operator that is not known.
const Operator* find_operator(const std::string& op_type);

/// What is known of a weight. Throws std::runtime_error naming it when a size is 0 or a number is not finite.
Value value_of(const OnnxTensor& tensor);

/// NumPy's rule, which ONNX follows.
Dims broadcast(const Node& node, const Dims& a, const Dims& b);

// Windows that slide over an image.
Result conv(const Node& node);
Result pool(const Node& node);
Result global_average_pool(const Node& node);
// Arithmetic.
Result unary(const Node& node);
Result binary(const Node& node);
Result comparison(const Node& node);
Result where(const Node& node);
Result clip(const Node& node);
Result softmax(const Node& node);
Result gemm(const Node& node);
Result matmul(const Node& node);
Result reduce(const Node& node);
Result dequantize(const Node& node);
// Another layout, or another type, of the same numbers.
Result cast(const Node& node);
Result constant(const Node& node);
Result shape(const Node& node);
Result flatten(const Node& node);
Result reshape(const Node& node);
Result transpose(const Node& node);
Result concat(const Node& node);
Result squeeze(const Node& node);
Result unsqueeze(const Node& node);
Result slice(const Node& node);
Result gather(const Node& node);

}  // namespace lobule::onnx_shapes
