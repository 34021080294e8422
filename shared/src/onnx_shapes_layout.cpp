#include <algorithm>
#include <cstring>

#include "onnx_shapes.h"

// Operators that give the same numbers in another layout or type, and those that speak of shapes.
namespace lobule::onnx_shapes {
namespace {

std::int64_t product(Dims::const_iterator begin, Dims::const_iterator end) {
  std::int64_t count = 1;
  for (; begin != end; ++begin) count = bounded_product(count, *begin);
  return count;
}

Value list_of(Dims integers) {
  const auto size = static_cast<std::int64_t>(integers.size());
  return {OnnxType::int64, {size}, std::move(integers)};
}

/// Axes of a result or an input with that many dimensions, each once.
std::set<std::size_t> distinct_axes(const Node& node, const Dims& given, std::size_t rank) {
  std::set<std::size_t> axes;
  for (const std::int64_t axis : given) {
    if (!axes.insert(node.axis(axis, rank)).second) node.refuse("has an axis twice");
  }
  return axes;
}

}  // namespace

Result cast(const Node& node) {
  Value value = node.input(0);
  const auto to = static_cast<OnnxType>(node.integer("to", 0));
  if (element_size(to) == 0) node.refuse("casts to data type " + std::to_string(node.integer("to", 0)) + ", which is not supported");
  if (to != OnnxType::int64) value.integers.reset();
  value.type = to;
  return {value};
}

Result constant(const Node& node) {
  if (node.node().attributes.size() != 1) node.refuse("needs one attribute");
  const OnnxAttribute& attribute = node.node().attributes[0];
  using Type = OnnxAttribute::Type;
  if (attribute.name == "value" && attribute.type == Type::tensor) return {value_of(attribute.t)};
  if (attribute.name == "value_int" && attribute.type == Type::integer) return {{OnnxType::int64, {}, Dims{attribute.i}}};
  if (attribute.name == "value_ints" && attribute.type == Type::integers) {
    if (attribute.ints.size() > kMostIntegers) return {{OnnxType::int64, {static_cast<std::int64_t>(attribute.ints.size())}, {}}};
    return {list_of(attribute.ints)};
  }
  if (attribute.name == "value_float" && attribute.type == Type::real) return {{OnnxType::float32, {}, {}}};
  if (attribute.name == "value_floats" && attribute.type == Type::reals) {
    return {{OnnxType::float32, {static_cast<std::int64_t>(attribute.floats.size())}, {}}};
  }
  node.refuse("has the attribute " + attribute.name + " of another type than the specification's");
}

Result shape(const Node& node) {
  const Dims& dims = node.input(0).dims;
  const auto rank = static_cast<std::int64_t>(dims.size());
  const auto clamped = [&](std::int64_t place) { return std::clamp<std::int64_t>(place < 0 ? place + rank : place, 0, rank); };
  const std::int64_t start = clamped(node.integer("start", 0));
  const std::int64_t end = std::max(start, clamped(node.integer("end", rank)));
  return {list_of(Dims(dims.begin() + start, dims.begin() + end))};
}

Result flatten(const Node& node) {
  const Value& x = node.input(0);
  const std::int64_t given = node.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(x.dims.size());
  if (given < -rank || given > rank) node.refuse("has axis " + std::to_string(given) + " of a value with " + std::to_string(rank) + " dimensions");
  const auto split = x.dims.begin() + (given < 0 ? given + rank : given);
  return {{x.type, {product(x.dims.begin(), split), product(split, x.dims.end())}, {}}};
}

Result reshape(const Node& node) {
  const Value& x = node.input(0);
  if (node.integer("allowzero", 0) != 0) node.refuse("has allowzero, which is not supported");
  Dims dims = node.integers(1);
  std::optional<std::size_t> inferred;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 0) {
      if (i >= x.dims.size()) node.refuse("copies a size that its input does not have");
      dims[i] = x.dims[i];
    } else if (dims[i] == -1) {
      if (inferred) node.refuse("leaves two sizes open");
      inferred = i;
      dims[i] = 1;
    }
  }
  const std::int64_t elements = node.elements(x.dims);
  const std::int64_t given = node.elements(dims);
  if (inferred) dims[*inferred] = elements / given;
  if (node.elements(dims) != elements) node.refuse("has a shape of another number of elements than its input");
  return {{x.type, dims, dims.size() <= 1 ? x.integers : std::nullopt}};
}

Result transpose(const Node& node) {
  const Value& x = node.input(0);
  Dims reversed;
  for (std::size_t i = x.dims.size(); i > 0; --i) reversed.push_back(static_cast<std::int64_t>(i - 1));
  const Dims order = node.list("perm", reversed);
  if (distinct_axes(node, order, x.dims.size()).size() != x.dims.size()) node.refuse("has a perm that is none");
  Dims dims;
  for (const std::int64_t axis : order) dims.push_back(x.dims[node.axis(axis, x.dims.size())]);
  return {{x.type, dims, x.integers && dims.size() <= 1 ? x.integers : std::nullopt}};
}

Result concat(const Node& node) {
  Value joined = node.input(0);
  const std::size_t axis = node.axis(node.integer("axis", 0), joined.dims.size());
  for (std::size_t i = 1; i < node.input_count(); ++i) {
    const Value& next = node.input(i);
    Dims dims = next.dims;
    bool fits = next.type == joined.type && dims.size() == joined.dims.size();
    if (fits) {
      dims[axis] = joined.dims[axis] = bounded_sum(joined.dims[axis], dims[axis]);
      fits = dims == joined.dims;
    }
    if (!fits) node.refuse("has inputs that do not go together");
    const bool known = joined.integers && next.integers && joined.integers->size() + next.integers->size() <= kMostIntegers;
    if (known) joined.integers->insert(joined.integers->end(), next.integers->begin(), next.integers->end());
    if (!known) joined.integers.reset();
  }
  return {joined};
}

Result squeeze(const Node& node) {
  Value x = node.input(0);
  const bool all = !node.has(1);
  const std::set<std::size_t> axes = all ? std::set<std::size_t>{} : distinct_axes(node, node.integers(1), x.dims.size());
  Dims dims;
  for (std::size_t i = 0; i < x.dims.size(); ++i) {
    const bool taken = all ? x.dims[i] == 1 : axes.count(i) > 0;
    if (taken && x.dims[i] != 1) node.refuse("takes away a dimension that is not 1");
    if (!taken) dims.push_back(x.dims[i]);
  }
  x.dims = dims;
  return {x};
}

Result unsqueeze(const Node& node) {
  Value x = node.input(0);
  const Dims& given = node.integers(1);
  const std::size_t rank = x.dims.size() + given.size();
  const std::set<std::size_t> axes = distinct_axes(node, given, rank);
  Dims dims;
  std::size_t next = 0;
  for (std::size_t i = 0; i < rank; ++i) dims.push_back(axes.count(i) > 0 ? 1 : x.dims[next++]);
  x.dims = dims;
  if (dims.size() > 1) x.integers.reset();
  return {x};
}

Result slice(const Node& node) {
  Value x = node.input(0);
  const Dims& starts = node.integers(1);
  const Dims& ends = node.integers(2);
  Dims axes;
  for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
  if (node.has(3)) axes = node.integers(3);
  const Dims steps = node.has(4) ? node.integers(4) : Dims(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) node.refuse("has lists of different lengths");
  distinct_axes(node, axes, x.dims.size());
  for (std::size_t i = 0; i < starts.size(); ++i) {
    std::int64_t& dim = x.dims[node.axis(axes[i], x.dims.size())];
    const std::int64_t size = dim;
    if (steps[i] != 1) node.refuse("has a step that is not 1, which is not supported");
    const auto clamped = [&](std::int64_t place) { return std::clamp<std::int64_t>(place < 0 ? place + size : place, 0, size); };
    const std::int64_t start = clamped(starts[i]);
    const std::int64_t end = std::max(start, clamped(ends[i]));
    dim = end - start;
    if (x.integers) x.integers = Dims(x.integers->begin() + start, x.integers->begin() + end);
  }
  return {x};
}

Result gather(const Node& node) {
  const Value& x = node.input(0);
  const Value& indices = node.input(1);
  const std::size_t axis = node.axis(node.integer("axis", 0), x.dims.size());
  // Indices that are not known may lie outside, and a backend must not be the one to find out.
  for (const std::int64_t index : node.integers(1)) {
    if (index < -x.dims[axis] || index >= x.dims[axis]) node.refuse("takes element " + std::to_string(index) + " of " + std::to_string(x.dims[axis]));
  }
  Dims dims(x.dims.begin(), x.dims.begin() + static_cast<std::ptrdiff_t>(axis));
  dims.insert(dims.end(), indices.dims.begin(), indices.dims.end());
  dims.insert(dims.end(), x.dims.begin() + static_cast<std::ptrdiff_t>(axis) + 1, x.dims.end());
  Value taken{x.type, dims, {}};
  if (x.integers && x.dims.size() == 1) {
    taken.integers = Dims();
    for (const std::int64_t index : *indices.integers)
      taken.integers->push_back((*x.integers)[static_cast<std::size_t>(index < 0 ? index + x.dims[0] : index)]);
  }
  return {taken};
}

}  // namespace lobule::onnx_shapes
