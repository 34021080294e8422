#include "efficientnet_lite.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "onnx_test_graph.h"
#include "optimizer.h"

using namespace lobule;
using Catch::Matchers::Contains;
using torch::Tensor;

namespace {

NetworkOptions options_of(const std::string& network, int width, int height, int classes) {
  NetworkOptions options;
  options.network = network;
  options.width = width;
  options.height = height;
  options.classes = classes;
  options.dropout = 0;
  return options;
}

/// 67x45 pixels: odd sides on the way down, so that every kind of padding is met.
std::shared_ptr<EfficientNetLite> make_small(int classes = 3) {
  torch::manual_seed(3);
  return std::make_shared<EfficientNetLite>(options_of("efficientnet_lite0", 67, 45, classes));
}

Tensor pictures(std::int64_t count) { return torch::randn({count, 3, 45, 67}); }

std::vector<std::uint64_t> seeds(std::size_t count) {
  std::vector<std::uint64_t> list(count);
  std::iota(list.begin(), list.end(), 1);
  return list;
}

/// Running figures as after a training: those of a new network, 0 and 1, would hide what folding does with them.
void learn_running_figures(EfficientNetLite& network) {
  const torch::NoGradGuard no_gradient;
  for (const auto& item : network.named_parameters()) {
    Tensor parameter = item.value();
    if (parameter.dim() == 1) parameter.add_(torch::empty_like(parameter).uniform_(-0.2, 0.2));
  }
  for (const auto& item : network.named_buffers()) {
    Tensor buffer = item.value();
    if (buffer.is_floating_point()) buffer.add_(torch::empty_like(buffer).uniform_(-0.2, 0.2));
  }
}

std::map<std::string, Tensor> run_file(const Network& network, const Tensor& nchw, bool half_weights) {
  OnnxModel model;
  model.graph = network.to_onnx(half_weights);
  const std::string bytes = serialize_onnx(model);
  return OnnxInterpreter(parse_onnx(std::as_bytes(std::span(bytes))), nchw.device()).run(nchw);
}

}  // namespace

TEST_CASE("EfficientNet-Lite has as many weights as published") {
  // 4.7, 5.4 and 6.1 million in the paper's table; these are the published port's own counts.
  CHECK(parameter_count(EfficientNetLite(options_of("efficientnet_lite0", 224, 224, 1000))) == 4'652'008);
  CHECK(parameter_count(EfficientNetLite(options_of("efficientnet_lite1", 224, 224, 1000))) == 5'416'680);
  CHECK(parameter_count(EfficientNetLite(options_of("efficientnet_lite2", 224, 224, 1000))) == 6'092'072);
}

TEST_CASE("The beginning of EfficientNet-Lite0 ends in the expansion of the block that would follow") {
  EfficientNetLite network(options_of("efficientnet_lite0_first5", 96, 80, 2));
  network.eval();
  CHECK(parameter_count(network) == 778'722);
  CHECK(network.extract_features(torch::randn({1, 3, 80, 96})).sizes().vec() == std::vector<std::int64_t>{1, 672, 5, 6});
  CHECK(network.stages() == 8);
  CHECK(network.stage_of("_blocks.10._bn2.bias") == 5);
  CHECK(network.stage_of("_conv_head.weight") == 6);
  CHECK(network.stage_of("_fc.bias") == 7);
  CHECK_THROWS_AS(network.stage_of("_blocks.11._bn2.bias"), std::logic_error);
}

TEST_CASE("EfficientNet-Lite's last map is in channels_last, whatever comes in") {
  const auto network = make_small();
  network->eval();
  const Tensor x = pictures(2);
  const Tensor map = network->extract_features(x);
  CHECK(map.sizes().vec() == std::vector<std::int64_t>{2, 1280, 2, 3});
  CHECK(map.is_contiguous(torch::MemoryFormat::ChannelsLast));
  CHECK(torch::equal(network->forward(x), network->forward(x.contiguous(torch::MemoryFormat::ChannelsLast))));
}

TEST_CASE("The stages of EfficientNet-Lite are stem, seven groups, head and classifier") {
  const EfficientNetLite network(options_of("efficientnet_lite1", 64, 64, 2));
  CHECK(network.stages() == 10);
  CHECK(network.stage_of("_conv_stem.weight") == 0);
  CHECK(network.stage_of("_bn0.running_var") == 0);
  CHECK(network.stage_of("_blocks.0._bn2.bias") == 1);
  CHECK(network.stage_of("_blocks.3._expand_conv") == 2);  // lite1's second group has three blocks
  CHECK(network.stage_of("_blocks.4._expand_conv") == 3);
  CHECK(network.stage_of("_blocks.20._bn0.weight") == 7);
  CHECK(network.stage_of("_conv_head") == 8);
  CHECK(network.stage_of("_bn1.weight") == 8);
  CHECK(network.stage_of("_fc.bias") == 9);
  for (const std::string name : {"_blocks.21._bn0.weight", "_blocks.x", "conv1.weight"}) CHECK_THROWS_AS(network.stage_of(name), std::logic_error);
}

TEST_CASE("Batch norm of a frozen stage keeps its running figures") {
  for (const int frozen : {1, 3, 9}) {
    const auto network = make_small();
    network->freeze_stages(frozen);
    std::map<std::string, Tensor> before;
    for (const auto& item : network->named_buffers()) before[item.key()] = item.value().clone();
    network->train();
    network->seed_samples(seeds(4));
    network->forward(pictures(4)).sum().backward();
    for (const auto& item : network->named_buffers()) {
      INFO(frozen << " stages frozen: " << item.key());
      CHECK(torch::equal(item.value(), before[item.key()]) == (network->stage_of(item.key()) < frozen));
    }
    for (const auto& item : network->named_parameters()) {
      INFO(frozen << " stages frozen: " << item.key());
      CHECK(item.value().grad().defined() == (network->stage_of(item.key()) >= frozen));
    }
  }
}

TEST_CASE("Stochastic depth follows the sample's seed, and each sample has its own") {
  const auto network = make_small();
  network->train();
  const Tensor x = pictures(1).expand({8, 3, 45, 67}).contiguous();
  network->seed_samples(seeds(8));
  const Tensor once = network->extract_features(x).detach();
  CHECK(torch::equal(network->extract_features(x), once));
  CHECK(farthest(once.slice(0, 0, 1), once.slice(0, 1, 2)) > 0.01);
  network->seed_samples(std::vector<std::uint64_t>(8, 5));
  const Tensor alike = network->extract_features(x).detach();
  CHECK(farthest(alike.slice(0, 0, 1), alike.slice(0, 1, 2)) < 1e-4);  // the same mask for all; kernels may add up in another order
}

TEST_CASE("The exported file, batch norm folded, gives EfficientNet-Lite's logits, cam and features") {
  const auto network = make_small();
  learn_running_figures(*network);
  network->eval();
  const torch::NoGradGuard no_gradient;
  const Tensor x = pictures(4);
  const auto outputs = run_file(*network, x, false);
  const Tensor map = network->extract_features(x);
  const Tensor logits = network->forward(x);
  REQUIRE(outputs.at("cam").sizes().vec() == std::vector<std::int64_t>{4, 3, 2, 3});
  const double scale = logits.abs().max().item<double>();
  REQUIRE(scale > 0.1);
  // Folding rounds each weight once more: 2^-24 of itself, through about 50 layers.
  CHECK(farthest(outputs.at("logits"), logits) < 1e-4 * scale);
  CHECK(farthest(outputs.at("features"), map.mean({2, 3})) < 1e-4);
  const Tensor weight = network->named_parameters()["_fc.weight"];
  CHECK(farthest(outputs.at("cam"), torch::conv2d(map, weight.view({3, 1280, 1, 1}))) < 1e-3);
  const Tensor mean_of_cam = outputs.at("cam").mean({2, 3}) + network->named_parameters()["_fc.bias"];
  CHECK(farthest(mean_of_cam, outputs.at("logits")) < 1e-4 * scale);
}

TEST_CASE("EfficientNet-Lite's weights as float16 move the logits little") {
  const auto network = make_small();
  learn_running_figures(*network);
  network->eval();
  const torch::NoGradGuard no_gradient;
  const Tensor x = pictures(4);
  const Tensor exact = run_file(*network, x, false).at("logits");
  const Tensor half = run_file(*network, x, true).at("logits");
  CHECK(farthest(half, exact) > 0);
  CHECK(farthest(half, exact) < 0.01 * exact.abs().max().item<double>());
}

TEST_CASE("Adam steps weights of depthwise convolutions in channels_last") {
  const auto network = make_small();
  for (Tensor& parameter : network->parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  }
  network->train();
  network->seed_samples(seeds(4));
  Optimizer adam(*network, TrainOptions{});
  network->forward(pictures(4)).square().sum().backward();
  const Tensor weight = network->named_parameters()["_blocks.1._depthwise_conv.weight"];
  const Tensor before = weight.detach().clone();
  const Tensor gradient = weight.grad().clone();
  adam.step(0.01, torch::zeros({}));
  const Tensor moved = before - weight.detach();
  const Tensor clear = gradient.abs() > 1e-4;  // Adam's first step is the learning rate times the gradient's sign
  REQUIRE(clear.any().item<bool>());
  CHECK(farthest(moved.masked_select(clear), 0.01 * gradient.sign().masked_select(clear)) < 1e-4);
}

TEST_CASE("Clipping reaches gradients that lie in memory in another way than their weights") {
  const auto network = make_small();
  network->train();
  network->seed_samples(seeds(4));
  Optimizer adam(*network, TrainOptions{});
  network->forward(pictures(4)).square().sum().backward();
  bool another_way = false;
  for (Tensor& parameter : network->parameters()) {
    if (parameter.dim() != 4) continue;
    parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
    another_way = another_way || parameter.strides() != parameter.grad().strides();
  }
  REQUIRE(another_way);
  REQUIRE(adam.clip_gradients(1e-3).item<double>() > 1e-2);
  double square = 0;
  for (const Tensor& parameter : network->parameters()) square += parameter.grad().to(torch::kFloat64).square().sum().item<double>();
  CHECK(std::sqrt(square) < 1.001e-3);
}

TEST_CASE("Options that make no EfficientNet-Lite are refused with the cause") {
  const auto make = [](int width, int height, int classes) { make_network(options_of("efficientnet_lite2", width, height, classes)); };
  CHECK_THROWS_WITH(make(31, 64, 2), "efficientnet_lite2: input must have 32 to 2048 pixels a side, not 31x64");
  CHECK_THROWS_WITH(make(64, 2049, 2), Contains("not 64x2049"));
  CHECK_THROWS_WITH(make(64, 64, 1), Contains("two classes"));
  CHECK_THROWS_AS(efficientnet_lite_shape("efficientnet_lite3"), std::logic_error);
  CHECK_THROWS_AS(make_small()->forward(torch::zeros({1, 3, 67, 45})), std::logic_error);
}
