#include "lobule/metrics.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "lobule/portable_math.h"

using namespace lobule;

namespace {

/// Scores on a coarse grid, so that many tie.
std::vector<ScoredCase> random_cases(int count, std::uint32_t grid, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<ScoredCase> cases;
  for (int i = 0; i < count; ++i) {
    const bool positive = random.below(3) == 0;
    const std::uint32_t step = random.below(grid) + (positive ? grid / 4 : 0);
    cases.push_back({static_cast<double>(step) / (2.0 * grid), positive});
  }
  return cases;
}

}  // namespace

TEST_CASE("Figures from counts are their textbook ratios") {
  const BinaryCounts counts = {40, 10, 35, 15};
  CHECK(accuracy(counts) == 0.75);
  CHECK(precision(counts) == 0.8);
  CHECK(*recall(counts) == Approx(40.0 / 55).epsilon(1e-15));
  CHECK(*specificity(counts) == Approx(35.0 / 45).epsilon(1e-15));
  CHECK(negative_predictive_value(counts) == 0.7);
  CHECK(*balanced_accuracy(counts) == Approx((40.0 / 55 + 35.0 / 45) / 2).epsilon(1e-15));
  CHECK(*f1_score(counts) == Approx(80.0 / 105).epsilon(1e-15));
  CHECK(*matthews_correlation(counts) == Approx((40.0 * 35 - 10.0 * 15) / std::sqrt(50.0 * 55 * 45 * 50)).epsilon(1e-14));
}

TEST_CASE("A zero denominator leaves a figure undefined, never zero") {
  const BinaryCounts none;
  for (const Figure& figure : {accuracy(none), precision(none), recall(none), specificity(none), negative_predictive_value(none), balanced_accuracy(none),
                               f1_score(none), matthews_correlation(none)}) {
    CHECK_FALSE(figure);
  }
  const BinaryCounts never_called = {0, 0, 5, 3};
  CHECK_FALSE(precision(never_called));
  CHECK(recall(never_called) == 0);
  CHECK(f1_score(never_called) == 0);
  CHECK_FALSE(matthews_correlation(never_called));
  const BinaryCounts one_class = {4, 0, 0, 1};
  CHECK_FALSE(specificity(one_class));
  CHECK_FALSE(balanced_accuracy(one_class));
  CHECK(precision(one_class) == 1);
}

TEST_CASE("Matthews correlation holds where the product of the margins leaves 64-bit integers") {
  const std::int64_t many = 1'000'000'000;
  CHECK(*matthews_correlation({many, 0, many, 0}) == Approx(1).epsilon(1e-15));
  CHECK(*matthews_correlation({0, many, 0, many}) == Approx(-1).epsilon(1e-15));
}

TEST_CASE("A confusion matrix counts rows of truth and columns of calls") {
  ConfusionMatrix confusion(3);
  confusion.add(0, 0, 5);
  confusion.add(0, 2, 1);
  confusion.add(1, 1, 3);
  confusion.add(2, 0, 2);
  confusion.add(2, 2, 4);
  CHECK(confusion.total() == 15);
  CHECK(confusion.true_total(2) == 6);
  CHECK(confusion.predicted_total(2) == 5);
  CHECK(*confusion.accuracy() == Approx(12.0 / 15).epsilon(1e-15));
  CHECK(*confusion.balanced_accuracy() == Approx((5.0 / 6 + 1 + 4.0 / 6) / 3).epsilon(1e-15));
  const BinaryCounts counts = confusion.binary(2);
  CHECK(counts.true_positive == 4);
  CHECK(counts.false_positive == 1);
  CHECK(counts.false_negative == 2);
  CHECK(counts.true_negative == 8);
  CHECK_FALSE(ConfusionMatrix(2).balanced_accuracy());
  CHECK_THROWS_AS(confusion.add(3, 0), std::logic_error);
  CHECK_THROWS_AS(confusion.at(0, -1), std::logic_error);
  CHECK_THROWS_AS(ConfusionMatrix(1), std::logic_error);
}

TEST_CASE("AUROC counts tied scores as half") {
  CHECK(roc_auc(std::vector<ScoredCase>{{0.5, true}, {0.5, false}}) == 0.5);
  CHECK(roc_auc(std::vector<ScoredCase>{{0.9, true}, {0.5, true}, {0.5, false}, {0.1, false}}) == 0.875);
}

TEST_CASE("AUROC is the share of pairs in which the positive scores higher") {
  const std::vector<ScoredCase> cases = random_cases(300, 20, 3);
  double won = 0;
  double pairs = 0;
  for (const ScoredCase& a : cases) {
    for (const ScoredCase& b : cases) {
      if (!a.positive || b.positive) continue;
      won += a.score > b.score ? 1.0 : a.score == b.score ? 0.5 : 0.0;
      pairs += 1;
    }
  }
  CHECK(*roc_auc(cases) == won / pairs);  // both are one division of exact integers (or halves)
}

TEST_CASE("The ROC curve runs from (0,0) to (1,1) with one point a distinct score, and its trapezoids sum to the AUC") {
  const std::vector<ScoredCase> cases = random_cases(200, 16, 4);
  const std::vector<RocPoint> curve = roc_curve(cases);
  REQUIRE(curve.size() > 2);
  CHECK(curve.front().threshold == std::numeric_limits<double>::infinity());
  CHECK(curve.front().true_positive_rate == 0);
  CHECK(curve.back().false_positive_rate == 1);
  CHECK(curve.back().true_positive_rate == 1);
  double area = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    CHECK(curve[i].threshold < curve[i - 1].threshold);
    area += (curve[i].false_positive_rate - curve[i - 1].false_positive_rate) * (curve[i].true_positive_rate + curve[i - 1].true_positive_rate) / 2;
  }
  CHECK(area == Approx(*roc_auc(cases)).epsilon(1e-13));
}

TEST_CASE("One class alone has no ROC curve; without a positive there is no precision-recall curve") {
  const std::vector<ScoredCase> positives = {{0.3, true}, {0.6, true}};
  CHECK(roc_curve(positives).empty());
  CHECK_FALSE(roc_auc(positives));
  CHECK(average_precision(positives) == 1);
  const std::vector<ScoredCase> negatives = {{0.3, false}, {0.6, false}};
  CHECK_FALSE(roc_auc(negatives));
  CHECK(pr_curve(negatives).empty());
  CHECK_FALSE(average_precision(negatives));
  CHECK(roc_curve({}).empty());
  CHECK_FALSE(roc_auc({}));
}

TEST_CASE("The order of the cases changes no curve") {
  std::vector<ScoredCase> cases = random_cases(100, 8, 5);
  const Figure auc = roc_auc(cases);
  const Figure precision_area = average_precision(cases);
  SplitMix64 random(6);
  for (std::size_t i = cases.size(); i > 1; --i) std::swap(cases[i - 1], cases[random.below(static_cast<std::uint32_t>(i))]);
  CHECK(roc_auc(cases) == auc);
  CHECK(average_precision(cases) == precision_area);
}

TEST_CASE("A score that is not a number is a broken promise") {
  const std::vector<ScoredCase> cases = {{std::nan(""), true}, {0.5, false}};
  CHECK_THROWS_AS(roc_auc(cases), std::logic_error);
  CHECK_THROWS_AS(expected_calibration_error(cases), std::logic_error);
}

TEST_CASE("Brier score and log loss are means over the cases") {
  const std::vector<ScoredCase> cases = {{0.8, true}, {0.4, false}};
  CHECK(*brier_score(cases) == Approx((0.04 + 0.16) / 2).epsilon(1e-15));
  CHECK(*log_loss(cases) == Approx(-(std::log(0.8) + std::log(0.6)) / 2).epsilon(1e-15));
  CHECK_FALSE(brier_score({}));
  CHECK_FALSE(log_loss({}));
}

TEST_CASE("Log loss of a sure and wrong call stays finite") {
  CHECK(*log_loss(std::vector<ScoredCase>{{0, true}}) == Approx(52 * std::log(2.0)).epsilon(1e-15));
  CHECK(*log_loss(std::vector<ScoredCase>{{1, true}}) == Approx(0).margin(1e-15));
}

TEST_CASE("A probability on a bin's bound falls into the upper bin, and 1 into the last") {
  for (const int bins : {3, 7, 10, 15}) {
    for (int i = 0; i < bins; ++i) CHECK(reliability_bin_of(static_cast<double>(i) / bins, bins) == i);
    for (int i = 1; i <= bins; ++i) CHECK(reliability_bin_of(std::nextafter(static_cast<double>(i) / bins, 0.0), bins) == i - 1);
    CHECK(reliability_bin_of(1, bins) == bins - 1);
  }
  CHECK_THROWS_AS(reliability_bin_of(1.0000001, 10), std::logic_error);
  CHECK_THROWS_AS(reliability_bin_of(-0.1, 10), std::logic_error);
}

TEST_CASE("The calibration error weighs each bin's gap by its cases") {
  const std::vector<ScoredCase> cases = {{0.9, true}, {0.9, true}, {0.9, false}, {0.2, false}};
  CHECK(*expected_calibration_error(cases, 10) == Approx(0.75 * std::abs(2.0 / 3 - 0.9) + 0.25 * 0.2).epsilon(1e-14));
  CHECK_FALSE(expected_calibration_error({}));
  const std::vector<ReliabilityBin> bins = reliability_bins(cases, 10);
  CHECK(bins[9].count == 3);
  CHECK(bins[5].count == 0);
}
