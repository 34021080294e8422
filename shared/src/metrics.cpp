#include "lobule/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "score_steps.h"

namespace lobule {
namespace {

Figure ratio(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return std::nullopt;
  return static_cast<double>(numerator) / static_cast<double>(denominator);
}

}  // namespace

Figure accuracy(const BinaryCounts& counts) { return ratio(counts.true_positive + counts.true_negative, counts.total()); }

Figure precision(const BinaryCounts& counts) { return ratio(counts.true_positive, counts.true_positive + counts.false_positive); }

Figure recall(const BinaryCounts& counts) { return ratio(counts.true_positive, counts.true_positive + counts.false_negative); }

Figure specificity(const BinaryCounts& counts) { return ratio(counts.true_negative, counts.true_negative + counts.false_positive); }

Figure negative_predictive_value(const BinaryCounts& counts) { return ratio(counts.true_negative, counts.true_negative + counts.false_negative); }

Figure balanced_accuracy(const BinaryCounts& counts) {
  const Figure sensitivity = recall(counts);
  const Figure other = specificity(counts);
  if (!sensitivity || !other) return std::nullopt;
  return (*sensitivity + *other) / 2;
}

Figure f1_score(const BinaryCounts& counts) {
  return ratio(2 * counts.true_positive, 2 * counts.true_positive + counts.false_positive + counts.false_negative);
}

Figure matthews_correlation(const BinaryCounts& counts) {
  const double tp = static_cast<double>(counts.true_positive);
  const double fp = static_cast<double>(counts.false_positive);
  const double tn = static_cast<double>(counts.true_negative);
  const double fn = static_cast<double>(counts.false_negative);
  // Two square roots: the product of all four margins leaves the integers that a double holds. IEEE 754 rounds sqrt correctly everywhere.
  const double denominator = std::sqrt((tp + fp) * (tp + fn)) * std::sqrt((tn + fp) * (tn + fn));
  if (denominator == 0) return std::nullopt;
  return (tp * tn - fp * fn) / denominator;
}

ConfusionMatrix::ConfusionMatrix(int classes) : classes_(classes) {
  if (classes < 2) throw std::logic_error("a confusion matrix needs two classes");
  counts_.resize(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes));
}

void ConfusionMatrix::add(int truth, int predicted, std::int64_t count) { counts_[index(truth, predicted)] += count; }

std::int64_t ConfusionMatrix::at(int truth, int predicted) const { return counts_[index(truth, predicted)]; }

std::size_t ConfusionMatrix::index(int truth, int predicted) const {
  if (truth < 0 || truth >= classes_ || predicted < 0 || predicted >= classes_) throw std::logic_error("class outside the confusion matrix");
  return static_cast<std::size_t>(truth) * static_cast<std::size_t>(classes_) + static_cast<std::size_t>(predicted);
}

std::int64_t ConfusionMatrix::total() const {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts_) sum += count;
  return sum;
}

std::int64_t ConfusionMatrix::true_total(int truth) const {
  std::int64_t sum = 0;
  for (int predicted = 0; predicted < classes_; ++predicted) sum += at(truth, predicted);
  return sum;
}

std::int64_t ConfusionMatrix::predicted_total(int predicted) const {
  std::int64_t sum = 0;
  for (int truth = 0; truth < classes_; ++truth) sum += at(truth, predicted);
  return sum;
}

BinaryCounts ConfusionMatrix::binary(int positive_class) const {
  BinaryCounts counts;
  counts.true_positive = at(positive_class, positive_class);
  counts.false_positive = predicted_total(positive_class) - counts.true_positive;
  counts.false_negative = true_total(positive_class) - counts.true_positive;
  counts.true_negative = total() - counts.true_positive - counts.false_positive - counts.false_negative;
  return counts;
}

Figure ConfusionMatrix::accuracy() const {
  std::int64_t right = 0;
  for (int i = 0; i < classes_; ++i) right += at(i, i);
  return ratio(right, total());
}

Figure ConfusionMatrix::balanced_accuracy() const {
  double sum = 0;
  for (int i = 0; i < classes_; ++i) {
    const Figure class_recall = ratio(at(i, i), true_total(i));
    if (!class_recall) return std::nullopt;
    sum += *class_recall;
  }
  return sum / classes_;
}

Figure cohen_kappa(const ConfusionMatrix& agreement) {
  const std::int64_t total = agreement.total();
  std::int64_t agreed = 0;
  std::int64_t expected = 0;  // times total: counts stay whole, and 1 is exactly 1
  for (int k = 0; k < agreement.classes(); ++k) {
    agreed += agreement.at(k, k);
    expected += agreement.true_total(k) * agreement.predicted_total(k);
  }
  return ratio(total * agreed - expected, total * total - expected);
}

std::vector<RocPoint> roc_curve(std::span<const ScoredCase> cases) {
  const std::vector<ScoreStep> steps = score_steps(cases);
  if (steps.empty() || steps.back().true_positives == 0 || steps.back().false_positives == 0) return {};
  const double positives = static_cast<double>(steps.back().true_positives);
  const double negatives = static_cast<double>(steps.back().false_positives);
  std::vector<RocPoint> curve = {{std::numeric_limits<double>::infinity(), 0, 0}};
  for (const ScoreStep& step : steps) {
    curve.push_back({step.score, static_cast<double>(step.false_positives) / negatives, static_cast<double>(step.true_positives) / positives});
  }
  return curve;
}

Figure roc_auc(std::span<const ScoredCase> cases) {
  std::int64_t twice_won = 0;  // pairs (positive, negative) with the positive above, counted twice, plus tied pairs
  ScoreStep above;
  for (const ScoreStep& step : score_steps(cases)) {
    twice_won += (step.false_positives - above.false_positives) * (above.true_positives + step.true_positives);
    above = step;
  }
  return ratio(twice_won, 2 * above.true_positives * above.false_positives);
}

std::vector<PrPoint> pr_curve(std::span<const ScoredCase> cases) {
  const std::vector<ScoreStep> steps = score_steps(cases);
  if (steps.empty() || steps.back().true_positives == 0) return {};
  std::vector<PrPoint> curve;
  for (const ScoreStep& step : steps) {
    curve.push_back({step.score, static_cast<double>(step.true_positives) / static_cast<double>(step.true_positives + step.false_positives),
                     static_cast<double>(step.true_positives) / static_cast<double>(steps.back().true_positives)});
  }
  return curve;
}

Figure average_precision(std::span<const ScoredCase> cases) {
  double sum = 0;
  ScoreStep above;
  for (const ScoreStep& step : score_steps(cases)) {
    const double called = static_cast<double>(step.true_positives + step.false_positives);
    sum += static_cast<double>(step.true_positives - above.true_positives) * (static_cast<double>(step.true_positives) / called);
    above = step;
  }
  if (above.true_positives == 0) return std::nullopt;
  return sum / static_cast<double>(above.true_positives);
}

std::vector<DecisionPoint> decision_curve(std::span<const ScoredCase> cases) {
  std::vector<DecisionPoint> curve;
  if (cases.empty()) return curve;
  constexpr int kSteps = 100;
  const auto total = static_cast<double>(cases.size());
  std::array<std::int64_t, kSteps + 1> positives{};  // [i]: cases that are called positive at i / kSteps and at no higher step
  std::array<std::int64_t, kSteps + 1> negatives{};
  for (const ScoredCase& scored : cases) {
    int step = std::clamp(static_cast<int>(scored.score * kSteps), 0, kSteps);
    while (step < kSteps && scored.score >= static_cast<double>(step + 1) / kSteps) ++step;  // the product may be rounded either way
    while (step > 0 && scored.score < static_cast<double>(step) / kSteps) --step;
    ++(scored.positive ? positives : negatives)[static_cast<std::size_t>(step)];
  }
  const auto all_positives = static_cast<double>(std::accumulate(positives.begin(), positives.end(), std::int64_t{0}));
  std::int64_t true_positives = positives[kSteps];
  std::int64_t false_positives = negatives[kSteps];
  for (int step = kSteps - 1; step > 0; --step) {
    true_positives += positives[static_cast<std::size_t>(step)];
    false_positives += negatives[static_cast<std::size_t>(step)];
    const double threshold = static_cast<double>(step) / kSteps;
    const double odds = threshold / (1 - threshold);
    curve.push_back({threshold, static_cast<double>(true_positives) / total - static_cast<double>(false_positives) / total * odds,
                     all_positives / total - (total - all_positives) / total * odds});
  }
  std::reverse(curve.begin(), curve.end());
  return curve;
}

}  // namespace lobule
