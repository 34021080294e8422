#include "cluster_bootstrap.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "lobule/portable_math.h"
#include "weighted_figures.h"

using namespace lobule;

namespace {

using FigureIntervals = std::array<std::optional<Interval>, kFigureFields.size()>;

/// Intervals of every figure at once.
FigureIntervals bootstrap_figures(const std::vector<EvaluatedCase>& cases, int patients, int classes, int positive_class, const EvaluationOptions& options) {
  const WeightedFigures weighted(cases, patients, classes, positive_class);
  const auto replicate = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    const FigureValues figures = weighted.figures(weights);
    std::copy(figures.begin(), figures.end(), values.begin());
  };
  const std::vector<std::optional<Interval>> found = bootstrap_intervals(patients, kFigureFields.size(), replicate, options);
  FigureIntervals intervals;
  std::copy(found.begin(), found.end(), intervals.begin());
  return intervals;
}

/// Patients of uneven size, tied probabilities, some cases undecided or without a probability.
std::vector<EvaluatedCase> random_cases(int patients, int classes, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<EvaluatedCase> cases;
  for (int patient = 0; patient < patients; ++patient) {
    const auto truth = static_cast<int>(random.below(static_cast<std::uint32_t>(classes)));
    const std::uint32_t images = 1 + random.below(12);
    for (std::uint32_t i = 0; i < images; ++i) {
      EvaluatedCase one;
      one.patient = patient;
      one.truth = truth;
      if (random.below(10) > 0) {
        one.predicted = static_cast<int>(random.below(static_cast<std::uint32_t>(classes)));
        one.called_positive = one.predicted == 1;
      }
      if (random.below(10) > 0) one.p_positive = static_cast<double>(random.below(41)) / 40;
      cases.push_back(one);
    }
  }
  return cases;
}

/// The slow way: every case as often as its patient was drawn, then the figures of metrics.h.
FigureValues figures_of_copies(const std::vector<EvaluatedCase>& cases, const std::vector<std::int64_t>& weights, int classes) {
  std::vector<ScoredCase> scored;
  ConfusionMatrix confusion(classes);
  BinaryCounts counts;
  for (const EvaluatedCase& one : cases) {
    for (std::int64_t copy = 0; copy < weights[static_cast<std::size_t>(one.patient)]; ++copy) {
      const bool positive = one.truth == 1;
      if (one.p_positive) scored.push_back({*one.p_positive, positive});
      if (one.predicted < 0) continue;
      confusion.add(one.truth, one.predicted);
      (positive ? (one.called_positive ? counts.true_positive : counts.false_negative)
                : (one.called_positive ? counts.false_positive : counts.true_negative)) += 1;
    }
  }
  FigureValues values;
  set_count_figures(confusion, counts, values);
  values[7] = roc_auc(scored);
  values[8] = average_precision(scored);
  values[9] = brier_score(scored);
  values[10] = expected_calibration_error(scored);
  values[11] = log_loss(scored);
  return values;
}

double linear_quantile(const std::vector<double>& sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const double below = std::floor(position);
  const auto index = static_cast<std::size_t>(below);
  const double next = index + 1 < sorted.size() ? sorted[index + 1] : sorted[index];
  return sorted[index] + (position - below) * (next - sorted[index]);
}

}  // namespace

TEST_CASE("Weighted replicates give the intervals of replicates that copy cases") {
  EvaluationOptions options;
  options.bootstrap_replicates = 60;
  options.bootstrap_seed = 9;
  for (const int classes : {2, 3}) {
    const int patients = 25;
    const std::vector<EvaluatedCase> cases = random_cases(patients, classes, 77);
    const FigureIntervals intervals = bootstrap_figures(cases, patients, classes, 1, options);
    std::array<std::vector<double>, kFigureFields.size()> samples;
    for (int r = 0; r < options.bootstrap_replicates; ++r) {
      const FigureValues values = figures_of_copies(cases, draw_patients(patients, options.bootstrap_seed, r), classes);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i]) samples[i].push_back(*values[i]);
      }
    }
    for (std::size_t i = 0; i < samples.size(); ++i) {
      CAPTURE(classes, kFigureFields[i].key);
      REQUIRE(intervals[i]);
      std::sort(samples[i].begin(), samples[i].end());
      // Sums run in another order: rounding alone may differ.
      CHECK(intervals[i]->low == Approx(linear_quantile(samples[i], 0.025)).epsilon(1e-12));
      CHECK(intervals[i]->high == Approx(linear_quantile(samples[i], 0.975)).epsilon(1e-12));
    }
  }
}

TEST_CASE("A draw holds as many patients as there are and depends on seed and replicate alone") {
  const std::vector<std::int64_t> weights = draw_patients(50, 3, 7);
  std::int64_t sum = 0;
  for (const std::int64_t weight : weights) sum += weight;
  CHECK(sum == 50);
  CHECK(draw_patients(50, 3, 7) == weights);
  CHECK(draw_patients(50, 3, 8) != weights);
  CHECK(draw_patients(50, 4, 7) != weights);
}

TEST_CASE("One patient, or no replicate, has no interval") {
  const std::vector<EvaluatedCase> cases = random_cases(1, 2, 1);
  for (const auto& interval : bootstrap_figures(cases, 1, 2, 1, {})) CHECK_FALSE(interval);
  const std::vector<double> one = {0.5};
  CHECK_FALSE(bootstrap_mean(one, {}));
  const std::vector<double> two = {0.5, 0.7};
  CHECK_FALSE(bootstrap_mean(two, {0, 1}));
  for (const auto& interval : bootstrap_figures(random_cases(9, 2, 1), 9, 2, 1, {0, 1})) CHECK_FALSE(interval);
}

TEST_CASE("A figure that many replicates leave undefined has no interval") {
  // One positive patient among three: a replicate misses it with probability (2/3)^3 = 0.30.
  std::vector<EvaluatedCase> cases;
  for (int patient = 0; patient < 3; ++patient) cases.push_back({patient, patient == 0 ? 1 : 0, 1, true, 0.1 * (patient + 1)});
  const FigureIntervals intervals = bootstrap_figures(cases, 3, 2, 1, {200, 1});
  CHECK_FALSE(intervals[7]);  // AUC
  CHECK_FALSE(intervals[3]);  // recall
  CHECK(intervals[0]);        // accuracy
}

TEST_CASE("The interval of a mean covers it and narrows with more patients") {
  std::vector<double> values;
  SplitMix64 random(4);
  for (int i = 0; i < 400; ++i) values.push_back(random.uniform());
  const std::span<const double> all(values);
  const auto wide = bootstrap_mean(all.first(20), {500, 1});
  const auto narrow = bootstrap_mean(all, {500, 1});
  REQUIRE((wide && narrow));
  CHECK(narrow->high - narrow->low < (wide->high - wide->low) / 2);
  double mean = 0;
  for (const double value : values) mean += value / 400;
  CHECK((narrow->low < mean && mean < narrow->high));
}
