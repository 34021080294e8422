#include "linear_probe.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "batches.h"
#include "tiny_training.h"

using namespace lobule;

namespace {

const torch::TensorOptions kFloat64 = torch::kFloat64;

torch::Tensor loss_of(const LinearClassifier& classifier, const torch::Tensor& features, const torch::Tensor& labels, const torch::Tensor& weights,
                      double penalty) {
  const torch::Tensor log_probability = torch::log_softmax(torch::addmm(classifier.bias, features, classifier.weight.t()), 1);
  const torch::Tensor own = log_probability.gather(1, labels.unsqueeze(1)).squeeze(1);
  const torch::Tensor standardised = classifier.weight * features.std(0, /*unbiased=*/false);
  return -(weights / weights.sum() * own).sum() + penalty / 2 * standardised.square().sum();
}

}  // namespace

TEST_CASE("A logistic regression of one feature is where its gradient is zero") {
  // Features -1 and 1 in equal numbers, standardised already: three of four are of the class on their side. By symmetry the logits' difference at 1 is 2w, and
  // half of what the loss gains must be what the penalty costs: 0.75 - sigmoid(2w) = penalty * w.
  const torch::Tensor features = torch::tensor({-1.0, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0}, kFloat64).unsqueeze(1);
  const torch::Tensor labels = torch::tensor({0, 0, 0, 1, 1, 1, 1, 0}, torch::kInt64);
  const LinearClassifier fitted = fit_logistic_regression(features, labels, torch::ones({8}, kFloat64), 2, 0.1);
  const double w = fitted.weight[1][0].item<double>();
  CHECK(fitted.weight[0][0].item<double>() == Approx(-w));
  CHECK(fitted.bias[1].item<double>() == Approx(fitted.bias[0].item<double>()).margin(1e-6));
  CHECK(0.75 - 1 / (1 + std::exp(-2 * w)) == Approx(0.1 * w).epsilon(1e-5));
}

TEST_CASE("A logistic regression of three classes has the smallest loss, whatever the features' units") {
  torch::manual_seed(3);
  const torch::Tensor labels = torch::randint(3, {200}, torch::kInt64);
  const torch::Tensor features =
      (torch::randn({200, 6}, kFloat64) + torch::one_hot(labels, 6).to(torch::kFloat64)) * torch::tensor({1e-3, 1.0, 1e3, 5.0, 1.0, 1.0}) + 7;
  const torch::Tensor weights = torch::rand({200}, kFloat64) + 0.5;
  const LinearClassifier fitted = fit_logistic_regression(features, labels, weights, 3, 0.02);
  const double lowest = loss_of(fitted, features, labels, weights, 0.02).item<double>();
  for (int trial = 0; trial < 20; ++trial) {
    const LinearClassifier other = {fitted.weight + 0.01 * torch::randn({3, 6}, kFloat64) / features.std(0), fitted.bias + 0.01 * torch::randn({3}, kFloat64)};
    CHECK(loss_of(other, features, labels, weights, 0.02).item<double>() > lowest);
  }
}

TEST_CASE("A case that weighs twice counts as two") {
  torch::manual_seed(4);
  const torch::Tensor features = torch::randn({30, 4}, kFloat64);
  const torch::Tensor labels = (features.select(1, 0) + torch::randn({30}, kFloat64) > 0).to(torch::kInt64);
  torch::Tensor weights = torch::ones({30}, kFloat64);
  weights[3] = 2;
  const LinearClassifier weighted = fit_logistic_regression(features, labels, weights, 2, 1);
  // The features' mean and deviation, which the penalty speaks of, are those of the rows: the doubled row must not move them.
  const LinearClassifier plain = fit_logistic_regression(features, labels, torch::ones({30}, kFloat64), 2, 1);
  CHECK(loss_of(weighted, features, labels, weights, 1).item<double>() < loss_of(plain, features, labels, weights, 1).item<double>());
}

TEST_CASE("A probe without penalty, or with labels that do not fit, is our own mistake") {
  const torch::Tensor features = torch::randn({4, 2}, kFloat64);
  const torch::Tensor labels = torch::zeros({4}, torch::kInt64);
  CHECK_THROWS_AS(fit_logistic_regression(features, labels, torch::ones({4}, kFloat64), 2, 0), std::logic_error);
  CHECK_THROWS_AS(fit_logistic_regression(features, labels, torch::ones({3}, kFloat64), 2, 1), std::logic_error);
}

TEST_CASE("A training that starts from a linear probe starts below the loss of chance, with the features that it had") {
  const TrainingData data = tiny_training_data(60);
  const std::shared_ptr<TinyNetwork> network = make_tiny_network();
  network->eval();
  const torch::NoGradGuard no_grad;
  const Batch all = BatchStream(data.train, ordered_batches(data.train.labels.size(), 1000), 0, std::nullopt, 0).next().value();
  const torch::Tensor before = network->features(all.images);
  TrainOptions options;
  options.linear_probe = 0.01;
  start_from_linear_probe(options, data, *network, 0);
  CHECK(torch::equal(network->features(all.images), before));
  const double loss = torch::nn::functional::cross_entropy(network->forward(all.images), all.labels).item<double>();
  CHECK(loss < 0.5 * std::log(2.0));  // the dark class is easily told

  const std::shared_ptr<TinyNetwork> again = make_tiny_network();
  again->eval();
  start_from_linear_probe(options, data, *again, 2);
  CHECK(torch::equal(again->forward(all.images), network->forward(all.images)));
}
