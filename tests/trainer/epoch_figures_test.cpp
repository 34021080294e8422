#include "epoch_figures.h"

#include <catch2/catch.hpp>
#include <vector>

#include "temperature.h"

using namespace lobule;

namespace {

torch::Tensor random_logits(std::int64_t count, std::int64_t classes, double scale) {
  torch::manual_seed(3);
  return torch::randn({count, classes}) * scale;
}

std::vector<std::int64_t> alternating_labels(std::int64_t count, std::int64_t classes) {
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < count; ++i) labels.push_back(i % classes);
  return labels;
}

}  // namespace

TEST_CASE("The loss of a set is torch's cross-entropy, weighted or not") {
  for (const std::int64_t classes : {2, 3}) {
    const torch::Tensor logits = random_logits(50, classes, 3);
    const std::vector<std::int64_t> labels = alternating_labels(50, classes);
    const std::vector<double> weights = classes == 2 ? std::vector<double>{0.5, 2} : std::vector<double>{0.5, 2, 1};
    const torch::Tensor target = torch::tensor(labels, torch::kInt64);
    namespace F = torch::nn::functional;
    const double plain = F::cross_entropy(logits.to(torch::kFloat64), target).item<double>();
    const double weighted =
        F::cross_entropy(logits.to(torch::kFloat64), target, F::CrossEntropyFuncOptions().weight(torch::tensor(weights, torch::kFloat64))).item<double>();
    // Both add in double; only the order of the additions differs.
    CHECK(set_figures(logits, labels, {}, 1).loss == Approx(plain).epsilon(1e-12));
    CHECK(set_figures(logits, labels, weights, 1).loss == Approx(weighted).epsilon(1e-12));
  }
}

TEST_CASE("Figures of a set follow from its logits") {
  // p(positive) = 0.5 is called positive: 2 of 3 positives and 1 of 2 negatives are called rightly.
  const torch::Tensor logits = torch::tensor({{0.F, 1.F}, {0.F, 0.F}, {2.F, 0.F}, {1.F, 0.F}, {0.F, 3.F}});
  const std::vector<std::int64_t> labels = {1, 1, 1, 0, 0};
  const SetFigures figures = set_figures(logits, labels, {}, 1);
  CHECK(*figures.accuracy == Approx(0.6));
  CHECK(*figures.precision == Approx(2.0 / 3));
  CHECK(*figures.recall == Approx(2.0 / 3));
  CHECK(*figures.f1 == Approx(2.0 / 3));
  CHECK(*figures.auc == Approx(2.0 / 6));  // of 6 pairs the positive is ahead in (1,-1) and (0,-1)
}

TEST_CASE("With the other class as the positive one the figures speak of that one") {
  const torch::Tensor logits = torch::tensor({{0.F, 1.F}, {2.F, 0.F}, {1.F, 0.F}});
  const SetFigures figures = set_figures(logits, std::vector<std::int64_t>{0, 0, 1}, {}, 0);
  CHECK(*figures.recall == Approx(0.5));
  CHECK(*figures.precision == Approx(0.5));
}

TEST_CASE("Logits beyond exp's range give a finite loss") {
  const torch::Tensor logits = torch::tensor({{2000.F, -2000.F}, {-2000.F, 2000.F}});
  CHECK(set_figures(logits, std::vector<std::int64_t>{1, 1}, {}, 1).loss == Approx(2000));
}

TEST_CASE("The fitted temperature undoes a known overconfidence") {
  // Labels drawn from the probabilities of `logits`: scaled by 3, they need temperature 3 to be right again.
  const torch::Tensor logits = random_logits(20000, 2, 1.5);
  const torch::Tensor p = torch::softmax(logits, 1).select(1, 1);
  const torch::Tensor drawn = (torch::rand({20000}) < p).to(torch::kInt64);
  const std::vector<std::int64_t> labels(drawn.const_data_ptr<std::int64_t>(), drawn.const_data_ptr<std::int64_t>() + 20000);
  const Calibration calibration = fit_temperature(logits * 3, labels, 1);
  CHECK(calibration.temperature == Approx(3).epsilon(0.05));  // 20000 coins: standard error about 2 %
  CHECK(calibration.ece_after < calibration.ece_before / 4);
}

TEST_CASE("A validation set without an error does not ask for endless confidence") {
  const torch::Tensor logits = torch::tensor({{3.F, -3.F}, {-3.F, 3.F}});
  CHECK(fit_temperature(logits, std::vector<std::int64_t>{0, 1}, 1).temperature == 1);
}
