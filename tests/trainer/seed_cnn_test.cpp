#include "seed_cnn.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "device.h"
#include "onnx_test_graph.h"

using namespace lobule;
using Catch::Matchers::Contains;
using torch::Tensor;

namespace {

std::shared_ptr<SeedCnn> make_seed_cnn(const NetworkOptions& options) {
  torch::manual_seed(3);
  auto network = std::make_shared<SeedCnn>(options);
  const torch::NoGradGuard no_gradient;
  for (Tensor& parameter : network->parameters()) {
    if (parameter.dim() == 1) parameter.uniform_(-0.2, 0.2);  // biases of a new network are 0: an exchange of two would not be seen
  }
  network->eval();
  return network;
}

std::map<std::string, Tensor> run_file(const SeedCnn& network, const Tensor& nchw, bool half_weights) {
  OnnxModel model;
  model.graph = network.to_onnx(half_weights);
  const std::string bytes = serialize_onnx(model);
  return OnnxInterpreter(parse_onnx(std::as_bytes(std::span(bytes))), nchw.device()).run(nchw);
}

/// Grad-CAM (Selvaraju 2017) by autograd, signed. [N, classes, h, w]
Tensor grad_cam(SeedCnn& network, const Tensor& nchw, std::int64_t classes) {
  std::vector<Tensor> maps;
  for (std::int64_t k = 0; k < classes; ++k) {
    const Tensor feature_map = network.last_convolution(nchw).detach().requires_grad_();
    network.classify(feature_map).select(1, k).sum().backward();
    const Tensor alpha = feature_map.grad().mean({2, 3}, true);
    maps.push_back((alpha * feature_map.detach()).sum(1));
  }
  return torch::stack(maps, 1);
}

NetworkOptions three_classes() {
  NetworkOptions options;
  options.width = 51;  // not a multiple of 8: pooling leaves columns out
  options.height = 34;
  options.classes = 3;
  return options;
}

}  // namespace

TEST_CASE("seed_cnn gives a logit for each class and image") {
  const auto network = make_seed_cnn(NetworkOptions{});
  const Tensor logits = network->forward(torch::randn({5, 3, 96, 144}));
  CHECK(logits.sizes().vec() == std::vector<std::int64_t>{5, 2});
  CHECK(logits.isfinite().all().item<bool>());
}

TEST_CASE("seed_cnn stays under two megabytes") { CHECK(parameter_count(*make_seed_cnn(NetworkOptions{})) * 4 < 1'500'000); }

TEST_CASE("Dropout works in training alone") {
  const auto network = make_seed_cnn(NetworkOptions{});
  const Tensor x = torch::randn({4, 3, 96, 144});
  CHECK(torch::equal(network->forward(x), network->forward(x)));
  network->train();
  network->seed_samples({1, 2, 3, 4});
  const Tensor once = network->forward(x);
  CHECK(torch::equal(network->forward(x), once));
  network->seed_samples({5, 6, 7, 8});
  CHECK_FALSE(torch::equal(network->forward(x), once));
}

TEST_CASE("A sample meets the same dropout in whichever batch it comes") {
  const auto network = make_seed_cnn(NetworkOptions{});
  network->train();
  const Tensor x = torch::randn({4, 3, 96, 144});
  network->seed_samples({1, 2, 3, 4});
  const Tensor together = network->forward(x);
  network->seed_samples({3, 4});
  CHECK(torch::allclose(network->forward(x.slice(0, 2)), together.slice(0, 2), 0, 1e-5));  // kernels may add up in another order
}

TEST_CASE("A frozen stage has no gradient, the others have one") {
  const auto network = make_seed_cnn(NetworkOptions{});
  network->freeze_stages(2);
  network->forward(torch::randn({2, 3, 96, 144})).sum().backward();
  for (const auto& item : network->named_parameters()) {
    INFO(item.key());
    CHECK(item.value().grad().defined() == (network->stage_of(item.key()) >= 2));
  }
  CHECK_THROWS_AS(network->freeze_stages(6), std::logic_error);
}

TEST_CASE("He initialisation keeps the signal's scale through the layers") {
  torch::manual_seed(1);
  SeedCnn network{NetworkOptions{}};
  const Tensor map = network.last_convolution(torch::randn({8, 3, 96, 144}));
  const double scale = map.square().mean().sqrt().item<double>();
  CHECK(scale > 0.5);  // with weights of variance 1 / fan_in it would be about 0.25 of this after four layers
  CHECK(scale < 8);    // max-pooling lets it grow
}

TEST_CASE("The exported file gives the network's logits") {
  const auto network = make_seed_cnn(three_classes());
  const Tensor x = torch::randn({4, 3, 34, 51});
  const auto outputs = run_file(*network, x, false);
  // The same operators in the same precision; sums may be ordered in another way.
  CHECK(farthest(outputs.at("logits"), network->forward(x)) < 1e-5);
  CHECK(outputs.at("features").sizes().vec() == std::vector<std::int64_t>{4, 64});
  CHECK(outputs.at("features").min().item<float>() >= 0);
}

TEST_CASE("The exported cam is Grad-CAM as autograd computes it") {
  const auto network = make_seed_cnn(three_classes());
  const Tensor x = torch::randn({4, 3, 34, 51});
  const Tensor expected = grad_cam(*network, x, 3);
  const Tensor cam = run_file(*network, x, false).at("cam");
  REQUIRE(cam.sizes().vec() == std::vector<std::int64_t>{4, 3, 4, 6});
  REQUIRE(expected.abs().max().item<double>() > 0.01);  // so that 1e-4 says something
  REQUIRE(expected.min().item<double>() < 0);           // signed: no last ReLU
  CHECK(farthest(cam, expected) < 1e-4);
}

TEST_CASE("Weights as float16 make the file half as large and move the logits little") {
  const auto network = make_seed_cnn(NetworkOptions{});
  const Tensor x = torch::randn({4, 3, 96, 144});
  const auto size = [&](bool half) {
    OnnxModel model;
    model.graph = network->to_onnx(half);
    return static_cast<double>(serialize_onnx(model).size());
  };
  CHECK(size(true) < 0.52 * size(false));
  const auto exact = run_file(*network, x, false);
  const auto half = run_file(*network, x, true);
  // A float16 weight is off by up to 2^-11 of itself; errors of many weights partly cancel.
  const double logit_scale = exact.at("logits").abs().max().item<double>();
  CHECK(farthest(half.at("logits"), exact.at("logits")) < 0.002 * logit_scale);
  CHECK(farthest(half.at("logits"), exact.at("logits")) > 0);
  CHECK(farthest(half.at("cam"), exact.at("cam")) < 0.01 * exact.at("cam").abs().max().item<double>());
}

TEST_CASE("Options that make no network are refused with the cause") {
  NetworkOptions options;
  options.network = "resnet";
  CHECK_THROWS_WITH(make_network(options),
                    "unknown network 'resnet'; known: seed_cnn, efficientnet_lite0, efficientnet_lite1, efficientnet_lite2, efficientnet_lite0_first5");
  options = {};
  options.width = 7;
  CHECK_THROWS_WITH(make_network(options), Contains("not 7x96"));
  options = {};
  options.classes = 1;
  CHECK_THROWS_WITH(make_network(options), Contains("two classes"));
  options = {};
  options.dropout = 1;
  CHECK_THROWS_AS(make_network(options), std::runtime_error);
}

TEST_CASE("A device that is not there or not known is refused") {
  CHECK(choose_device("cpu").is_cpu());
  CHECK_THROWS_WITH(choose_device("tpu"), "unknown device 'tpu'; known: cpu, cuda, auto");
  if (!torch::cuda::is_available()) {
    CHECK(choose_device("auto").is_cpu());
    CHECK_THROWS_WITH(choose_device("cuda"), Contains("no CUDA device here"));
  }
}
