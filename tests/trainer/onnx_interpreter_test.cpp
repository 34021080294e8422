#include "onnx_interpreter.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "device.h"
#include "onnx_test_graph.h"

using namespace lobule;
using Catch::Matchers::Contains;
using torch::Tensor;

namespace {

Tensor values(const std::vector<float>& list, const std::vector<std::int64_t>& shape) { return torch::tensor(list).reshape(shape); }

Tensor integers(const std::vector<std::int64_t>& list) { return torch::tensor(list, torch::kInt64); }

OnnxAttribute real(const std::string& name, float value) {
  OnnxAttribute attribute;
  attribute.name = name;
  attribute.type = OnnxAttribute::Type::real;
  attribute.f = value;
  return attribute;
}

OnnxAttribute text(const std::string& name, const std::string& value) {
  OnnxAttribute attribute;
  attribute.name = name;
  attribute.type = OnnxAttribute::Type::string;
  attribute.s = value;
  return attribute;
}

const Tensor kCounting = torch::arange(1, 17, torch::kFloat32).reshape({1, 1, 4, 4});

}  // namespace

// tests/python/test_onnx_interpreter.py holds every operator against ONNX Runtime; here are values that one can check by hand.

TEST_CASE("Conv slides a kernel without turning it over") {
  const Tensor kernel = values({1, 0, 0, -1}, {1, 1, 2, 2});
  CHECK(torch::equal(run_operator("Conv", kCounting, {kernel}), torch::full({1, 1, 3, 3}, -5.0F)));
  const Tensor biased = run_operator("Conv", kCounting, {kernel, values({10}, {1})}, {integers_attribute("strides", {2, 2})});
  CHECK(torch::equal(biased, torch::full({1, 1, 2, 2}, 5.0F)));
}

TEST_CASE("Conv pads each side by its own number of zeros") {
  const Tensor one = values({1}, {1, 1, 1, 1});
  const Tensor y = run_operator("Conv", kCounting, {one}, {integers_attribute("pads", {1, 0, 0, 2})});  // top, left, bottom, right
  REQUIRE(y.sizes().vec() == std::vector<std::int64_t>{1, 1, 5, 6});
  CHECK(y[0][0][0].abs().sum().item<float>() == 0);
  CHECK(torch::equal(y[0][0].slice(0, 1).slice(1, 0, 4), kCounting[0][0]));
  CHECK(y[0][0].slice(1, 4).abs().sum().item<float>() == 0);
}

TEST_CASE("Conv by groups keeps channels apart") {
  const Tensor x = torch::cat({torch::full({1, 1, 1, 1}, 3.0F), torch::full({1, 1, 1, 1}, 5.0F)}, 1);
  const Tensor y = run_operator("Conv", x, {values({2, 10}, {2, 1, 1, 1})}, {integer_attribute("group", 2)});
  CHECK(torch::equal(y, values({6, 50}, {1, 2, 1, 1})));
}

TEST_CASE("MaxPool never takes a padded place for a maximum") {
  const Tensor y = run_operator("MaxPool", -kCounting, {},
                                {integers_attribute("kernel_shape", {3, 3}), integers_attribute("strides", {3, 3}), integers_attribute("pads", {1, 1, 1, 1})});
  CHECK(torch::equal(y, values({-1, -3, -9, -11}, {1, 1, 2, 2})));
}

TEST_CASE("GlobalAveragePool and Flatten bring a map to one row an image") {
  CHECK(torch::equal(run_operator("GlobalAveragePool", kCounting), values({8.5F}, {1, 1, 1, 1})));
  const Tensor x = torch::zeros({2, 3, 4, 5});
  CHECK(run_operator("Flatten", x).sizes().vec() == std::vector<std::int64_t>{2, 60});
  CHECK(run_operator("Flatten", x, {}, {integer_attribute("axis", 0)}).sizes().vec() == std::vector<std::int64_t>{1, 120});
  CHECK(run_operator("Flatten", x, {}, {integer_attribute("axis", -1)}).sizes().vec() == std::vector<std::int64_t>{24, 5});
}

TEST_CASE("Gemm transposes and scales as its attributes say") {
  const Tensor a = values({1, 2}, {1, 2});
  const Tensor b = values({3, 4, 5, 6}, {2, 2});
  const Tensor c = values({100, 200}, {2});
  CHECK(torch::equal(run_operator("Gemm", a, {b, c}), values({113, 216}, {1, 2})));
  CHECK(torch::equal(run_operator("Gemm", a, {b, c}, {integer_attribute("transB", 1)}), values({111, 217}, {1, 2})));
  CHECK(torch::equal(run_operator("Gemm", a, {b, c}, {real("alpha", 2), real("beta", 0.5F)}), values({76, 132}, {1, 2})));
  CHECK(torch::equal(run_operator("Gemm", b, {b}, {integer_attribute("transA", 1)}), values({34, 42, 42, 52}, {2, 2})));
}

TEST_CASE("Element-wise operators broadcast, and the sign of nothing is nothing") {
  const Tensor x = values({-2, 0, 3}, {1, 3});
  CHECK(torch::equal(run_operator("Relu", x), values({0, 0, 3}, {1, 3})));
  CHECK(torch::equal(run_operator("Sign", x), values({-1, 0, 1}, {1, 3})));
  CHECK(torch::equal(run_operator("Add", x, {values({1}, {1})}), values({-1, 1, 4}, {1, 3})));
  CHECK(torch::equal(run_operator("Mul", x, {values({1, 10}, {2, 1})}), values({-2, 0, 3, -20, 0, 30}, {2, 3})));
  CHECK(torch::equal(run_operator("Clip", x, {torch::tensor(-1.0F), torch::tensor(2.0F)}), values({-1, 0, 2}, {1, 3})));
  CHECK(torch::equal(run_operator("Clip", x, {Tensor(), torch::tensor(2.0F)}), values({-2, 0, 2}, {1, 3})));
  CHECK(torch::equal(run_operator("Clip", x), x));
}

TEST_CASE("Shapes change as Reshape and Unsqueeze say") {
  const Tensor x = torch::zeros({2, 3, 4});
  CHECK(run_operator("Reshape", x, {integers({0, -1})}).sizes().vec() == std::vector<std::int64_t>{2, 12});
  CHECK(run_operator("Unsqueeze", x, {integers({3, 0})}).sizes().vec() == std::vector<std::int64_t>{1, 2, 3, 1, 4});
  CHECK(run_operator("Unsqueeze", x, {integers({-1})}).sizes().vec() == std::vector<std::int64_t>{2, 3, 4, 1});
}

TEST_CASE("MatMul multiplies batches of matrices") {
  const Tensor x = values({1, 2, 3, 4}, {2, 1, 2});
  CHECK(torch::equal(run_operator("MatMul", x, {values({1, 10}, {2, 1})}), values({21, 43}, {2, 1, 1})));
}

TEST_CASE("Weights stored as float16 come back as what float16 can hold") {
  OnnxGraphBuilder builder("half", true);
  builder.input("x", {2});
  builder.weight("w", values({0.1F, 1}, {1, 2}));
  builder.node("Mul", {"x", "w"}, "y");
  builder.output("y", {2});
  OnnxModel model;
  model.graph = builder.graph();
  REQUIRE(model.graph.find_initializer("w.float16")->raw_data.size() == 4);
  const Tensor y = OnnxInterpreter(model, choose_device("cpu")).run(torch::ones({1, 2})).at("y");
  CHECK(y[0][0].item<float>() == 0.0999755859375F);  // the float16 next to 0.1
  CHECK(y[0][1].item<float>() == 1);
}

TEST_CASE("An unknown operator is refused by name before anything runs") {
  const auto load = [](const std::string& op, const std::vector<OnnxAttribute>& attributes) {
    OnnxInterpreter(operator_model(op, {1, 4, 4}, {}, attributes), choose_device("cpu"));
  };
  CHECK_THROWS_WITH(load("Einsum", {}), "unknown operator Einsum (ONNX node 'y')");
  CHECK_THROWS_AS(load("Einsum", {}), std::runtime_error);
  CHECK_THROWS_WITH(load("Relu", {real("slope", 1)}), Contains("'y' (Relu) has the attribute slope"));
  CHECK_THROWS_WITH(load("MaxPool", {integer_attribute("ceil_mode", 1)}), Contains("'y' (MaxPool) has ceil_mode 1"));
  CHECK_THROWS_WITH(load("MaxPool", {text("auto_pad", "SAME_UPPER")}), Contains("auto_pad SAME_UPPER"));
  CHECK_THROWS_WITH(load("MaxPool", {integers_attribute("kernel_shape", {2})}), Contains("needs 2 values in kernel_shape"));
  CHECK_THROWS_WITH(load("MaxPool", {real("kernel_shape", 2)}), Contains("kernel_shape of another type"));
  CHECK_THROWS_WITH(load("MaxPool", {}), Contains("'y' (MaxPool) lacks kernel_shape"));
  CHECK_THROWS_WITH(load("Gemm", {}), Contains("'y' (Gemm) has 1 inputs"));
  CHECK_THROWS_WITH(load("Cast", {integer_attribute("to", 8)}), Contains("data type that is not supported"));
}

TEST_CASE("Clip takes single numbers as its bounds") {
  CHECK_THROWS_WITH(run_operator("Clip", torch::ones({1, 2}), {torch::ones({2})}), Contains("'y' (Clip) needs one number as input 2"));
}

TEST_CASE("A shape that depends on the image is refused") {
  OnnxGraphBuilder builder("dynamic", false);
  builder.input("x", {2});
  builder.node("Reshape", {"x", "x"}, "y");
  builder.output("y", {2});
  OnnxModel model;
  model.graph = builder.graph();
  CHECK_THROWS_WITH(OnnxInterpreter(model, choose_device("cpu")), Contains("'y' (Reshape) has an input 'x' that depends on the image"));
}

TEST_CASE("Weights that do not fit their operator are refused by node when it runs") {
  const Tensor x = torch::ones({1, 3, 4, 4});
  CHECK_THROWS_AS(run_operator("Conv", x, {torch::ones({1, 2, 2, 2})}), std::runtime_error);
  CHECK_THROWS_WITH(run_operator("Conv", x, {torch::ones({1, 2, 2, 2})}), Contains("ONNX node 'y' (Conv): "));
}

TEST_CASE("An input of another shape than the graph's is a defect of the caller") {
  const OnnxInterpreter interpreter(operator_model("Relu", {3}, {}), choose_device("cpu"));
  CHECK(interpreter.run(torch::ones({7, 3})).at("y").size(0) == 7);
  CHECK_THROWS_AS(interpreter.run(torch::ones({7, 4})), std::logic_error);
  CHECK_THROWS_AS(interpreter.run(torch::ones({7, 3}, torch::kFloat64)), std::logic_error);
}
