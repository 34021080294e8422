#include "lobule/onnx_bounds.h"

#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

#include "tiny_model.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

using Dims = std::vector<std::int64_t>;

OnnxAttribute integer(const std::string& name, std::int64_t value) {
  OnnxAttribute attribute;
  attribute.name = name;
  attribute.type = OnnxAttribute::Type::integer;
  attribute.i = value;
  return attribute;
}

OnnxAttribute integers(const std::string& name, const Dims& values) {
  OnnxAttribute attribute;
  attribute.name = name;
  attribute.type = OnnxAttribute::Type::integers;
  attribute.ints = values;
  return attribute;
}

OnnxTensor floats(const Dims& dims) {
  std::size_t count = 1;
  for (const std::int64_t dim : dims) count *= static_cast<std::size_t>(dim);
  return float_tensor("", dims, std::vector<float>(count, 0.5F));
}

OnnxTensor integer_tensor(const Dims& values, OnnxType type = OnnxType::int64) {
  OnnxTensor tensor{"", type, {static_cast<std::int64_t>(values.size())}, std::string(values.size() * element_size(type), '\0')};
  if (type == OnnxType::int64) std::memcpy(tensor.raw_data.data(), values.data(), tensor.raw_data.size());
  return tensor;
}

/// A graph of one node: its first input is the graph's, the others are weights.
OnnxModel one_node(const std::string& op_type, std::vector<OnnxTensor> weights, std::vector<OnnxAttribute> attributes = {}) {
  OnnxModel model;
  OnnxNode node{op_type, "node", "", {"x"}, {"y"}, std::move(attributes)};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i].name = "w" + std::to_string(i);
    node.inputs.push_back(weights[i].name);
  }
  model.graph.inputs = {{"x", OnnxType::float32, std::vector<OnnxDim>(4)}};
  model.graph.outputs = {{"y", OnnxType::float32, {}}};
  model.graph.initializers = std::move(weights);
  model.graph.nodes = {node};
  return model;
}

Dims dims_of(OnnxModel model, const Dims& input) {
  model.graph.inputs[0].dims.resize(input.size());
  return check_onnx_graph(model, input).output_dims.at("y");
}

Dims dims_after(const std::string& op_type, const Dims& input, std::vector<OnnxTensor> weights, std::vector<OnnxAttribute> attributes = {}) {
  return dims_of(one_node(op_type, std::move(weights), std::move(attributes)), input);
}

void check_refused(OnnxModel model, const Dims& input, const std::string& cause) {
  model.graph.inputs[0].dims.resize(input.size());
  CHECK_THROWS_WITH(check_onnx_graph(model, input), Contains(cause));
}

}  // namespace

TEST_CASE("Shapes are inferred as the ONNX specification says") {
  CHECK(dims_after("Conv", {2, 6, 9, 8}, {floats({4, 3, 3, 2}), floats({4})},
                   {integer("group", 2), integers("strides", {2, 1}), integers("pads", {1, 0, 0, 1})}) == Dims{2, 4, 4, 8});
  CHECK(dims_after("Conv", {1, 1, 11, 9}, {floats({1, 1, 3, 3})}, {integers("dilations", {2, 3})}) == Dims{1, 1, 7, 3});
  CHECK(dims_after("MaxPool", {1, 3, 9, 8}, {}, {integers("kernel_shape", {2, 2}), integers("strides", {2, 2})}) == Dims{1, 3, 4, 4});
  CHECK(dims_after("AveragePool", {1, 3, 9, 8}, {}, {integers("kernel_shape", {2, 2}), integers("strides", {2, 2}), integer("ceil_mode", 1)}) ==
        Dims{1, 3, 5, 4});
  CHECK(dims_after("GlobalAveragePool", {2, 3, 9, 8}, {}) == Dims{2, 3, 1, 1});
  CHECK(dims_after("Gemm", {2, 3}, {floats({4, 3}), floats({4})}, {integer("transB", 1)}) == Dims{2, 4});
  CHECK(dims_after("MatMul", {2, 1, 3, 4}, {floats({5, 4, 6})}) == Dims{2, 5, 3, 6});
  CHECK(dims_after("Add", {2, 3, 1}, {floats({4})}) == Dims{2, 3, 4});
  CHECK(dims_after("Flatten", {2, 3, 4}, {}, {integer("axis", 2)}) == Dims{6, 4});
  CHECK(dims_after("Flatten", {2, 3, 4}, {}) == Dims{2, 12});
  CHECK(dims_after("Reshape", {2, 3, 4}, {integer_tensor({0, -1, 2})}) == Dims{2, 6, 2});
  CHECK(dims_after("Transpose", {2, 3, 4}, {}, {integers("perm", {1, 2, 0})}) == Dims{3, 4, 2});
  CHECK(dims_after("Transpose", {2, 3, 4}, {}) == Dims{4, 3, 2});
  CHECK(dims_after("Unsqueeze", {2, 3}, {integer_tensor({-1, 1})}) == Dims{2, 1, 3, 1});
  CHECK(dims_after("Squeeze", {2, 1, 3, 1}, {integer_tensor({1})}) == Dims{2, 3, 1});
  CHECK(dims_after("Squeeze", {2, 1, 3, 1}, {}) == Dims{2, 3});
  CHECK(dims_after("Concat", {2, 3}, {floats({2, 4})}, {integer("axis", -1)}) == Dims{2, 7});
  CHECK(dims_after("Slice", {2, 9}, {integer_tensor({1}), integer_tensor({-2}), integer_tensor({1})}) == Dims{2, 6});
  CHECK(dims_after("Gather", {2, 9, 4}, {integer_tensor({-1, 0, 8})}, {integer("axis", 1)}) == Dims{2, 3, 4});
  CHECK(dims_after("ReduceMean", {2, 3, 4}, {}, {integers("axes", {-1}), integer("keepdims", 0)}) == Dims{2, 3});
  CHECK(dims_after("ReduceMean", {2, 3, 4}, {integer_tensor({1, 2})}) == Dims{2, 1, 1});
  CHECK(dims_after("Softmax", {2, 3}, {}) == Dims{2, 3});
  CHECK(dims_after("Clip", {2, 3}, {floats({}), floats({})}) == Dims{2, 3});
}

TEST_CASE("A shape that a graph computes from its input's shape is followed") {
  // x.view(x.size(0), -1) as PyTorch writes it: Shape, Gather, Unsqueeze, Concat, Reshape.
  OnnxModel model = one_node("Shape", {});
  OnnxGraph& graph = model.graph;
  graph.nodes[0].outputs = {"shape"};
  const auto weight = [&](const std::string& name, OnnxTensor tensor) {
    tensor.name = name;
    graph.initializers.push_back(tensor);
  };
  weight("zero", integer_tensor({0}));
  graph.initializers.back().dims = {};
  weight("axis", integer_tensor({0}));
  weight("rest", integer_tensor({-1}));
  graph.nodes.push_back({"Gather", "take", "", {"shape", "zero"}, {"count"}, {}});
  graph.nodes.push_back({"Unsqueeze", "list", "", {"count", "axis"}, {"counts"}, {}});
  graph.nodes.push_back({"Concat", "join", "", {"counts", "rest"}, {"wanted"}, {integer("axis", 0)}});
  graph.nodes.push_back({"Reshape", "view", "", {"x", "wanted"}, {"y"}, {}});
  CHECK(dims_of(model, {5, 3, 2, 2}) == Dims{5, 12});
}

TEST_CASE("Cost counts the weights, the values that are alive together, and the multiply-adds") {
  OnnxModel model = one_node("Conv", {floats({8, 3, 3, 3})}, {integers("pads", {1, 1, 1, 1})});
  const OnnxCost cost = check_onnx_graph(model, Dims{1, 3, 10, 20});
  CHECK(cost.weight_bytes == 8 * 27 * 4);
  CHECK(cost.operations == 8 * 10 * 20 * 27);
  CHECK(cost.peak_bytes == cost.weight_bytes + 4 * (3 * 10 * 20 + 8 * 10 * 20 + 3 * 12 * 22));  // input, result, and the padded copy
  // A chain holds two values at a time, however long it is.
  OnnxModel chain = one_node("Relu", {});
  for (int i = 0; i < 50; ++i) {
    chain.graph.nodes.back().outputs = {"v" + std::to_string(i)};
    chain.graph.nodes.push_back({"Relu", "node", "", {"v" + std::to_string(i)}, {"y"}, {}});
  }
  CHECK(check_onnx_graph(chain, Dims{1, 1, 10, 10}).peak_bytes == 2 * 400);
}

TEST_CASE("A graph that asks for gigabytes or for hours is refused by the node that does, whatever its weights weigh") {
  // [N,1024,1] times [1,1024]: eight kilobytes of weights make a thousand values of each one.
  OnnxModel outer = one_node("Add", {floats({1 << 10, 1})});
  outer.graph.nodes.push_back({"MatMul", "outer", "", {"y", "w1"}, {"z"}, {}});
  outer.graph.nodes[0].outputs = {"y"};
  outer.graph.initializers.push_back(floats({1, 1 << 10}));
  outer.graph.initializers.back().name = "w1";
  outer.graph.outputs[0].name = "z";
  outer.graph.inputs[0].dims.resize(3);
  CHECK_THROWS_WITH(check_onnx_graph(outer, Dims{4096, 1024, 1}), Contains("'outer' (MatMul) gives or takes a value that has more than 2^31 elements"));
  CHECK_THROWS_WITH(check_onnx_graph(outer, Dims{512, 1024, 1}), Contains("'z' needs more than 1024 MiB of memory"));
  // Doubling by Concat: thirty nodes are a file of a kilobyte.
  OnnxModel doubling = one_node("Concat", {});
  doubling.graph.nodes.clear();
  std::string last = "x";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "d" + std::to_string(i);
    doubling.graph.nodes.push_back({"Concat", next, "", {last, last}, {next}, {integer("axis", 0)}});
    last = next;
  }
  doubling.graph.outputs[0].name = last;
  check_refused(doubling, {1, 3, 96, 144}, "needs more than 1024 MiB of memory");
  check_refused(one_node("Conv", {floats({64, 64, 65, 65})}, {integers("pads", {32, 32, 32, 32})}), {1, 64, 512, 512}, "more than 100000000000 operations");
  check_refused(one_node("MaxPool", {}, {integers("kernel_shape", {1 << 20, 1 << 20}), integers("pads", {(1 << 20) - 1, 0, 0, 0})}), {1, 1, 4, 1 << 20},
                "needs more than 1024 MiB of memory");
}

TEST_CASE("Windows that no network has are refused") {
  const auto pool = [](const Dims& kernel, const Dims& strides, const Dims& dilations, const Dims& pads, const std::string& cause) {
    check_refused(
        one_node("MaxPool", {}, {integers("kernel_shape", kernel), integers("strides", strides), integers("dilations", dilations), integers("pads", pads)}),
        {1, 1, 8, 8}, cause);
  };
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  pool({9, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}, "kernel larger than its input");
  pool({2, 2}, {1, 1}, {1 << 20, 1}, {0, 0, 0, 0}, "kernel larger than its input");
  pool({2, 2}, {1, 1}, {1, 1}, {2, 0, 0, 0}, "pads as large as its kernel");
  pool({kHuge, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}, "a kernel_shape that are not 2 numbers from 1");
  pool({0, 1}, {1, 1}, {1, 1}, {0, 0, 0, 0}, "a kernel_shape that are not 2 numbers from 1");
  pool({2, 2}, {0, 1}, {1, 1}, {0, 0, 0, 0}, "strides that are not 2 numbers from 1");
  pool({2, 2}, {1, 1}, {kHuge, kHuge}, {0, 0, 0, 0}, "dilations that are not 2 numbers from 1");
  pool({2, 2}, {1, 1}, {1, 1}, {-1, 0, 0, 0}, "pads that are not 4 numbers from 0");
  pool({2, 2}, {1, 1}, {1, 1}, {kHuge, 0, 0, 0}, "pads that are not 4 numbers from 0");
  pool({2, 2, 2}, {1, 1}, {1, 1}, {0, 0, 0, 0}, "a kernel_shape that are not 2 numbers from 1");
}

TEST_CASE("Inputs that do not fit their operator are refused by node") {
  const std::string node = "ONNX node 'node' ";
  check_refused(one_node("Conv", {floats({4, 5, 3, 3})}), {1, 3, 9, 9}, node + "(Conv) has a weight that does not fit its input and group 1");
  check_refused(one_node("Conv", {floats({4, 3, 3, 3}), floats({5})}), {1, 3, 9, 9}, "bias that does not fit");
  check_refused(one_node("Conv", {floats({4, 3, 3, 3})}, {integer("group", 0)}), {1, 3, 9, 9}, "group 0");
  check_refused(one_node("Gemm", {floats({4, 2})}), {2, 3}, node + "(Gemm) has matrices of sizes that do not go together");
  check_refused(one_node("Gemm", {floats({3, 4}), floats({5})}), {2, 3}, "do not go together");
  check_refused(one_node("MatMul", {floats({4, 2})}), {2, 3}, "do not go together");
  check_refused(one_node("Add", {floats({2})}), {2, 3}, "do not go together");
  check_refused(one_node("Add", {integer_tensor({1, 2, 3})}), {2, 3}, "inputs of different types");
  check_refused(one_node("Reshape", {integer_tensor({4, -1})}), {2, 3}, "another number of elements");
  check_refused(one_node("Reshape", {integer_tensor({7, -1})}), {2, 3}, "a size of 0");
  check_refused(one_node("Reshape", {integer_tensor({-1, -1})}), {2, 3}, "leaves two sizes open");
  check_refused(one_node("Reshape", {integer_tensor({-2, 3})}), {2, 3}, "a size of -2");
  check_refused(one_node("Reshape", {integer_tensor({std::numeric_limits<std::int64_t>::max(), 2})}), {2, 3}, "more than 2^31 elements");
  check_refused(one_node("Reshape", {floats({2})}), {2, 3}, "no short list of int64, or depends on the image");
  check_refused(one_node("Flatten", {}, {integer("axis", 4)}), {2, 3}, "axis 4 of a value with 2 dimensions");
  check_refused(one_node("Gather", {integer_tensor({9})}, {integer("axis", 1)}), {2, 9}, "takes element 9 of 9");
  check_refused(one_node("Gather", {integer_tensor({-10})}, {integer("axis", 1)}), {2, 9}, "takes element -10 of 9");
  check_refused(one_node("Transpose", {}, {integers("perm", {0, 0})}), {2, 3}, "an axis twice");
  check_refused(one_node("Slice", {integer_tensor({2}), integer_tensor({1})}), {4, 3}, "a size of 0");
  check_refused(one_node("Cast", {}, {integer("to", 8)}), {2, 3}, "casts to data type 8");
}

TEST_CASE("Operators, attributes and inputs that we do not know are refused by name") {
  for (const char* op : {"If", "Loop", "Scan", "Resize", "ConstantOfShape", "Expand", "Tile", "Range", "NonZero", "Einsum", "Softmax2", ""}) {
    check_refused(one_node(op, {}), {1, 3}, std::string("ONNX node 'node' (") + op + ") is an operator that is not supported");
  }
  check_refused(one_node("Relu", {}, {integer("alpha", 1)}), {1, 3}, "has the attribute alpha, which is not supported");
  check_refused(one_node("Flatten", {}, {integers("axis", {1})}), {1, 3}, "has the attribute axis of another type");
  check_refused(one_node("Relu", {floats({1})}), {1, 3}, "has 2 inputs");
  OnnxModel absent = one_node("Add", {floats({1})});
  absent.graph.nodes[0].inputs[1] = "";
  check_refused(absent, {1, 3}, "lacks its input 2");
  OnnxModel two = one_node("MaxPool", {}, {integers("kernel_shape", {1, 1})});
  two.graph.nodes[0].outputs.push_back("indices");
  check_refused(two, {1, 1, 3, 3}, "has 2 outputs");
}

TEST_CASE("A weight that is not finite, or holds nothing, is refused by name") {
  const auto refuse_weight = [](const OnnxTensor& weight, const std::string& cause) { check_refused(one_node("Add", {weight}), {1, 2}, cause); };
  for (const float number : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    refuse_weight(float_tensor("", {2}, {1, number}), "ONNX tensor 'w0' holds a number that is not finite");
  }
  refuse_weight({"", OnnxType::float16, {2}, std::string("\x00\x3C\x00\x7C", 4)}, "'w0' holds a number that is not finite");
  refuse_weight({"", OnnxType::float64, {1}, std::string("\0\0\0\0\0\0\xF0\x7F", 8)}, "'w0' holds a number that is not finite");
  refuse_weight(float_tensor("", {0}, {}), "ONNX tensor 'w0' has a size of 0");
  CHECK(dims_after("Add", {1, 2}, {float_tensor("", {2}, {std::numeric_limits<float>::max(), std::numeric_limits<float>::denorm_min()})}) == Dims{1, 2});
  OnnxModel constant = one_node("Constant", {});
  constant.graph.nodes[0].inputs.clear();
  OnnxAttribute value = integer("value", 0);
  value.type = OnnxAttribute::Type::tensor;
  value.t = float_tensor("t", {1}, {std::numeric_limits<float>::infinity()});
  constant.graph.nodes[0].attributes = {value};
  check_refused(constant, {1, 2}, "'t' holds a number that is not finite");
  OnnxAttribute alpha = integer("alpha", 0);
  alpha.type = OnnxAttribute::Type::real;
  alpha.f = std::numeric_limits<float>::quiet_NaN();
  check_refused(one_node("Gemm", {floats({3, 4})}, {alpha}), {2, 3}, "a number that is not finite in alpha");
}

TEST_CASE("An input of another shape than the graph's is refused") {
  OnnxModel model = one_node("Relu", {});
  model.graph.inputs[0].dims[1].value = 3;
  CHECK_THROWS_WITH(check_onnx_graph(model, Dims{1, 4, 2, 2}), Contains("'x' is of another shape than the image"));
  CHECK_THROWS_WITH(check_onnx_graph(model, Dims{1, 3, 2}), Contains("'x' is of another shape than the image"));
  CHECK_THROWS_WITH(check_onnx_graph(model, Dims{0, 3, 2, 2}), Contains("'x' has a size of 0"));
  model.graph.inputs.push_back(model.graph.inputs[0]);
  CHECK_THROWS_WITH(check_onnx_graph(model, Dims{1, 3, 2, 2}), Contains("has 2 inputs"));
}
