#include <algorithm>

#include "onnx_shapes.h"

// Arithmetic: element by element, matrix products, sums along axes.
namespace lobule::onnx_shapes {
namespace {

void require_same_type(const Node& node, const Value& a, const Value& b) {
  if (a.type != b.type) node.refuse("has inputs of different types");
}

/// Short lists of integers are followed, because shapes are computed from them; nothing where the sum cannot be told.
std::optional<Dims> computed(const Node& node, const Value& a, const Value& b, const Dims& dims) {
  if (!a.integers || !b.integers || dims.size() > 1) return std::nullopt;
  const std::size_t count = dims.empty() ? 1 : static_cast<std::size_t>(dims[0]);
  const std::string& op = node.node().op_type;
  Dims result(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t left = (*a.integers)[a.integers->size() == 1 ? 0 : i];
    const std::int64_t right = (*b.integers)[b.integers->size() == 1 ? 0 : i];
    bool lost = false;
    if (op == "Add") lost = __builtin_add_overflow(left, right, &result[i]);
    if (op == "Sub") lost = __builtin_sub_overflow(left, right, &result[i]);
    if (op == "Mul") lost = __builtin_mul_overflow(left, right, &result[i]);
    if (op == "Div") {
      lost = right == 0 || (right == -1 && left == INT64_MIN);
      if (!lost) result[i] = left / right;
    }
    if (lost) return std::nullopt;
  }
  return result;
}

}  // namespace

Result unary(const Node& node) {
  Value value = node.input(0);
  if (node.node().op_type != "Identity") value.integers.reset();
  return {value};
}

Result binary(const Node& node) {
  const Value& a = node.input(0);
  const Value& b = node.input(1);
  require_same_type(node, a, b);
  const Dims dims = broadcast(node, a.dims, b.dims);
  if (node.node().op_type == "Div" && a.type != OnnxType::float32) {
    // A division by zero ends a program.
    const bool known = a.type == OnnxType::int64 && computed(node, a, b, dims).has_value();
    if (!known) node.refuse("divides values that are not float32");
  }
  return {{a.type, dims, computed(node, a, b, dims)}};
}

Result comparison(const Node& node) {
  require_same_type(node, node.input(0), node.input(1));
  return {{OnnxType::boolean, broadcast(node, node.input(0).dims, node.input(1).dims), {}}};
}

Result where(const Node& node) {
  if (node.input(0).type != OnnxType::boolean) node.refuse("has a condition that is not boolean");
  require_same_type(node, node.input(1), node.input(2));
  return {{node.input(1).type, broadcast(node, node.input(0).dims, broadcast(node, node.input(1).dims, node.input(2).dims)), {}}};
}

Result clip(const Node& node) {
  const Value& x = node.input(0);
  for (const std::size_t bound : {1U, 2U}) {
    if (!node.has(bound)) continue;
    require_same_type(node, x, node.input(bound));
    if (node.elements(node.input(bound).dims) != 1) node.refuse("needs one number as bound");
  }
  return {{x.type, x.dims, {}}};
}

Result softmax(const Node& node) {
  const Value& x = node.float_input(0);
  node.axis(node.integer("axis", -1), x.dims.size());
  return {{x.type, x.dims, {}}};
}

Result gemm(const Node& node) {
  Dims a = node.float_input(0).dims;
  Dims b = node.float_input(1).dims;
  if (a.size() != 2 || b.size() != 2) node.refuse("needs two matrices");
  if (node.integer("transA", 0) != 0) std::swap(a[0], a[1]);
  if (node.integer("transB", 0) != 0) std::swap(b[0], b[1]);
  if (a[1] != b[0]) node.refuse("has matrices of sizes that do not go together");
  const Dims dims = {a[0], b[1]};
  if (node.has(2) && broadcast(node, dims, node.float_input(2).dims) != dims) node.refuse("has a bias larger than its result");
  const std::int64_t operations = bounded_product(node.elements(dims), a[1]);
  return {{OnnxType::float32, dims, {}}, operations};
}

Result matmul(const Node& node) {
  Dims a = node.float_input(0).dims;
  Dims b = node.float_input(1).dims;
  if (a.size() < 2 || b.size() < 2) node.refuse("needs matrices");
  const std::int64_t rows = a[a.size() - 2];
  const std::int64_t inner = a.back();
  const std::int64_t columns = b.back();
  if (inner != b[b.size() - 2]) node.refuse("has matrices of sizes that do not go together");
  a.resize(a.size() - 2);
  b.resize(b.size() - 2);
  Dims dims = broadcast(node, a, b);
  std::int64_t batch = 1;
  for (const std::int64_t dim : dims) batch = bounded_product(batch, dim);
  dims.push_back(rows);
  dims.push_back(columns);
  const std::int64_t operations = bounded_product(node.elements(dims), inner);
  Result result{{OnnxType::float32, dims, {}}, operations};
  // Matrices that are repeated over a batch may be copied for each of it.
  if (a != b) result.workspace_bytes = bounded_product(bounded_product(batch, 4 * inner), rows + columns);
  return result;
}

Result reduce(const Node& node) {
  const Value& x = node.float_input(0);
  if (node.has(1) && node.node().find_attribute("axes") != nullptr) node.refuse("has axes twice");
  const Dims given = node.has(1) ? node.integers(1) : node.list("axes", {});
  if (given.empty() && node.integer("noop_with_empty_axes", 0) != 0) return {{x.type, x.dims, {}}};
  std::set<std::size_t> axes;
  for (const std::int64_t axis : given) axes.insert(node.axis(axis, x.dims.size()));
  const bool keep = node.integer("keepdims", 1) != 0;
  Dims dims;
  for (std::size_t i = 0; i < x.dims.size(); ++i) {
    const bool reduced = given.empty() || axes.count(i) > 0;
    if (!reduced || keep) dims.push_back(reduced ? 1 : x.dims[i]);
  }
  const std::int64_t operations = node.elements(x.dims);
  return {{x.type, dims, {}}, operations};
}

Result dequantize(const Node& node) {
  const Value& x = node.input(0);
  if (x.type != OnnxType::int8 && x.type != OnnxType::uint8 && x.type != OnnxType::int32) node.refuse("has an input that is no int8, uint8 or int32");
  const Value& scale = node.float_input(1);
  if (node.elements(scale.dims) > 1) {
    const std::size_t axis = node.axis(node.integer("axis", 1), x.dims.size());
    if (scale.dims != Dims{x.dims[axis]}) node.refuse("has a scale that does not fit its input");
  }
  if (node.has(2) && (node.input(2).type != x.type || node.input(2).dims != scale.dims)) node.refuse("has a zero point that does not fit its scale");
  return {{OnnxType::float32, x.dims, {}}};
}

}  // namespace lobule::onnx_shapes
