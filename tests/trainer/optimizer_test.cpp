#include "optimizer.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "seed_cnn.h"
#include "tiny_training.h"
#include "weight_average.h"
#include "weights_file.h"

using namespace lobule;
using torch::Tensor;

namespace {

const Tensor kNoSkip = torch::zeros({});

/// Gradients of a fixed loss, for each of `steps` steps.
void take_steps(Network& network, Optimizer& optimizer, double learning_rate, int steps) {
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_gradients();
    Tensor loss = torch::zeros({});
    for (const Tensor& parameter : network.parameters()) {
      if (parameter.requires_grad()) loss = loss + (parameter * parameter * (i + 1)).sum() + parameter.sum();
    }
    loss.backward();
    optimizer.step(learning_rate, kNoSkip);
  }
}

}  // namespace

TEST_CASE("The fused optimisers move weights as torch::optim's do") {
  for (const OptimizerKind kind : {OptimizerKind::adam, OptimizerKind::adamw}) {
    const auto ours = make_tiny_network();
    const auto theirs = make_tiny_network();
    TrainOptions options;
    options.optimizer = kind;
    options.weight_decay = 0.1;
    Optimizer optimizer(*ours, options);
    take_steps(*ours, optimizer, 0.01, 5);

    std::vector<Tensor> decaying;
    std::vector<Tensor> others;
    for (const Tensor& parameter : theirs->parameters()) (kind == OptimizerKind::adam || parameter.dim() > 1 ? decaying : others).push_back(parameter);
    const auto train = [&](auto reference) {
      for (int i = 0; i < 5; ++i) {
        reference.zero_grad();
        Tensor loss = torch::zeros({});
        for (const Tensor& parameter : theirs->parameters()) loss = loss + (parameter * parameter * (i + 1)).sum() + parameter.sum();
        loss.backward();
        reference.step();
      }
    };
    if (kind == OptimizerKind::adam) {
      train(torch::optim::Adam(decaying, torch::optim::AdamOptions(0.01).weight_decay(0.1)));
    } else {
      using Options = torch::optim::AdamWOptions;
      train(torch::optim::AdamW({torch::optim::OptimizerParamGroup(decaying, std::make_unique<Options>(Options(0.01).weight_decay(0.1))),
                                 torch::optim::OptimizerParamGroup(others, std::make_unique<Options>(Options(0.01).weight_decay(0)))},
                                Options(0.01)));
    }
    for (std::size_t i = 0; i < ours->parameters().size(); ++i) {
      CHECK(torch::allclose(ours->parameters()[i], theirs->parameters()[i], 1e-5, 1e-6));  // the fused kernel adds up in another order
    }
  }
}

TEST_CASE("A step that is to be skipped leaves every weight as it was") {
  const auto network = make_tiny_network();
  Optimizer optimizer(*network, TrainOptions{});
  const std::string before = weights_sha256(*network);
  for (Tensor& parameter : network->parameters()) parameter.mutable_grad() = torch::full_like(parameter, std::nan(""));
  optimizer.step(0.1, torch::ones({}));
  CHECK(weights_sha256(*network) == before);
}

TEST_CASE("With a decay by layer a stage's first step is so much smaller than the next one's") {
  torch::manual_seed(1);
  SeedCnn network{NetworkOptions{}};
  TrainOptions options;
  options.layer_decay = 0.5;
  Optimizer optimizer(network, options);
  const Tensor conv4 = network.named_parameters()["conv4.bias"].detach().clone();
  const Tensor fc2 = network.named_parameters()["fc2.bias"].detach().clone();
  take_steps(network, optimizer, 0.01, 1);  // Adam's first step is the learning rate itself
  CHECK((network.named_parameters()["fc2.bias"] - fc2).abs().mean().item<double>() == Approx(0.01).epsilon(1e-3));
  CHECK((network.named_parameters()["conv4.bias"] - conv4).abs().mean().item<double>() == Approx(0.0025).epsilon(1e-3));
}

TEST_CASE("A gradient longer than allowed is scaled to that length, a shorter one left") {
  const auto network = make_tiny_network();
  Optimizer optimizer(*network, TrainOptions{});
  for (Tensor& parameter : network->parameters()) parameter.mutable_grad() = torch::ones_like(parameter);
  const double length = std::sqrt(static_cast<double>(parameter_count(*network)));
  CHECK(optimizer.clip_gradients(0).item<double>() == Approx(length));
  CHECK(optimizer.clip_gradients(2 * length).item<double>() == Approx(length));
  CHECK(optimizer.clip_gradients(1).item<double>() == Approx(length));
  CHECK(optimizer.clip_gradients(0).item<double>() == Approx(1));
}

TEST_CASE("Frozen stages have no place in the optimiser") {
  torch::manual_seed(1);
  SeedCnn network{NetworkOptions{}};
  network.freeze_stages(4);
  const auto state = Optimizer(network, TrainOptions{}).state();
  CHECK(state.count("exp_avg.conv4.weight") == 0);
  CHECK(state.count("exp_avg.fc1.weight") == 1);
}

TEST_CASE("The weights' average follows its formula, and exchanging twice changes nothing") {
  const auto network = make_tiny_network();
  const Tensor bias = network->named_parameters()["linear.bias"].detach();
  bias.fill_(0);
  WeightAverage from_zero(*network, 0.9);
  bias.fill_(1);
  from_zero.update(1000);  // far enough for the full decay
  CHECK(from_zero.state().at("linear.bias")[0].item<double>() == Approx(0.1));
  bias.fill_(2);
  from_zero.update(1);  // decay 2/11
  CHECK(from_zero.state().at("linear.bias")[0].item<double>() == Approx(0.1 * 2 / 11 + 2.0 * 9 / 11));
  const std::string before = weights_sha256(*network);
  from_zero.exchange();
  CHECK(weights_sha256(*network) != before);
  from_zero.exchange();
  CHECK(weights_sha256(*network) == before);
}
