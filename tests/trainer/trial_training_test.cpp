#include "trial_training.h"

#include <catch2/catch.hpp>

#include "device.h"
#include "tiny_training.h"

using namespace lobule;

namespace {

TrainOptions trial_options() {
  TrainOptions options;
  options.batch_size = 8;
  options.augment = false;
  return options;
}

}  // namespace

TEST_CASE("A trial's steps train: with a usable learning rate the loss falls, also over the epoch's end") {
  const TrainOptions options = trial_options();
  const TrainingData data = tiny_training_data(60);  // 40 of them to train on: 5 steps an epoch
  const auto network = make_tiny_network();
  TrialTraining trial(options, data, *network, host_device(), 1);
  REQUIRE(trial.steps_per_epoch() == 5);
  const double first = trial.step(0.02).loss;
  double last = 0;
  for (int i = 0; i < 40; ++i) last = trial.step(0.02).loss;
  CHECK(last < 0.8 * first);
}

TEST_CASE("A trial's step tells loss and gradient before the weights move, and moves them by the learning rate") {
  const TrainOptions options = trial_options();
  const TrainingData data = tiny_training_data(60);
  const auto network = make_tiny_network();
  TrialTraining trial(options, data, *network, host_device(), 1);
  const torch::Tensor before = network->parameters().front().clone();
  const TrialStep step = trial.step(0.01);
  CHECK(step.loss > 0);
  CHECK(step.gradient_norm > 0);
  CHECK((network->parameters().front() - before).abs().max().item<float>() == Approx(0.01).epsilon(0.01));  // Adam's first step
}

TEST_CASE("A trial's validation leaves weights, running figures and the mode of the network as they were") {
  const TrainOptions options = trial_options();
  const TrainingData data = tiny_training_data(60);
  const auto network = make_tiny_network();
  TrialTraining trial(options, data, *network, host_device(), 1);
  trial.step(0.01);
  std::vector<torch::Tensor> before;
  for (const torch::Tensor& buffer : network->buffers()) before.push_back(buffer.clone());
  CHECK(trial.validate() > 0);
  CHECK(network->is_training());
  const std::vector<torch::Tensor> after = network->buffers();
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(torch::equal(before[i], after[i]));
}
