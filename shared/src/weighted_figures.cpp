#include "weighted_figures.h"

#include <algorithm>
#include <cmath>

namespace lobule {

WeightedFigures::WeightedFigures(std::span<const EvaluatedCase> cases, int patients, int classes, int positive_class)
    : classes_(classes), positive_class_(positive_class), sums_(static_cast<std::size_t>(patients)), confusions_(sums_.size() * cells()) {
  for (const EvaluatedCase& evaluated : cases) {
    add_call(evaluated);
    add_score(evaluated);
  }
  std::stable_sort(ranked_.begin(), ranked_.end(), [](const RankedCase& a, const RankedCase& b) { return a.p_positive > b.p_positive; });
  for (std::size_t i = 0; i < ranked_.size(); ++i) {
    ranked_[i].ends_tie = i + 1 == ranked_.size() || ranked_[i].p_positive != ranked_[i + 1].p_positive;
  }
}

FigureValues WeightedFigures::figures(const std::vector<std::int64_t>& weights) const {
  FigureValues values;
  set_count_figures_of(weights, values);
  set_score_figures_of(weights, values);
  return values;
}

void WeightedFigures::set_score_figures_of(const std::vector<std::int64_t>& weights, FigureValues& values) const {
  set_weighted_sums(weights, values);
  set_weighted_ranks(weights, values);
}

void WeightedFigures::set_calls(std::span<const EvaluatedCase> cases) {
  for (PatientSums& sums : sums_) sums.counts = {};
  std::fill(confusions_.begin(), confusions_.end(), 0);
  for (const EvaluatedCase& evaluated : cases) add_call(evaluated);
}

BinaryCounts WeightedFigures::counts(const std::vector<std::int64_t>& weights) const {
  BinaryCounts counts;
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    counts.true_positive += weights[i] * sums_[i].counts.true_positive;
    counts.false_positive += weights[i] * sums_[i].counts.false_positive;
    counts.true_negative += weights[i] * sums_[i].counts.true_negative;
    counts.false_negative += weights[i] * sums_[i].counts.false_negative;
  }
  return counts;
}

void WeightedFigures::add_call(const EvaluatedCase& evaluated) {
  if (evaluated.predicted < 0) return;
  const auto patient = static_cast<std::size_t>(evaluated.patient);
  ++confusions_[patient * cells() + static_cast<std::size_t>(evaluated.truth * classes_ + evaluated.predicted)];
  BinaryCounts& counts = sums_.at(patient).counts;
  (evaluated.truth == positive_class_ ? (evaluated.called_positive ? counts.true_positive : counts.false_negative)
                                      : (evaluated.called_positive ? counts.false_positive : counts.true_negative)) += 1;
}

void WeightedFigures::add_score(const EvaluatedCase& evaluated) {
  if (!evaluated.p_positive) return;
  const bool positive = evaluated.truth == positive_class_;
  PatientSums& sums = sums_.at(static_cast<std::size_t>(evaluated.patient));
  const ScoredCase scored = {*evaluated.p_positive, positive};
  ++sums.scored;
  sums.brier += case_brier_score(scored);
  sums.log_loss += case_log_loss(scored);
  const int bin = reliability_bin_of(scored.score, kReliabilityBins);
  sums.excess[static_cast<std::size_t>(bin)] += (positive ? 1 : 0) - scored.score;
  ranked_.push_back({scored.score, evaluated.patient, positive, false, static_cast<std::int8_t>(bin)});
}

void WeightedFigures::set_count_figures_of(const std::vector<std::int64_t>& weights, FigureValues& values) const {
  ConfusionMatrix confusion(classes_);
  std::vector<std::int64_t> cell_sums(cells());
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    if (weights[i] == 0) continue;
    for (std::size_t cell = 0; cell < cells(); ++cell) cell_sums[cell] += weights[i] * confusions_[i * cells() + cell];
  }
  for (int truth = 0; truth < classes_; ++truth) {
    for (int predicted = 0; predicted < classes_; ++predicted) {
      confusion.add(truth, predicted, cell_sums[static_cast<std::size_t>(truth * classes_ + predicted)]);
    }
  }
  set_count_figures(confusion, counts(weights), values);
}

void WeightedFigures::set_weighted_sums(const std::vector<std::int64_t>& weights, FigureValues& values) const {
  std::int64_t scored = 0;
  double brier = 0;
  double loss = 0;
  std::array<double, kReliabilityBins> excess{};
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    const std::int64_t weight = weights[i];
    if (weight == 0) continue;
    const PatientSums& sums = sums_[i];
    scored += weight * sums.scored;
    brier += static_cast<double>(weight) * sums.brier;
    loss += static_cast<double>(weight) * sums.log_loss;
    for (std::size_t bin = 0; bin < excess.size(); ++bin) excess[bin] += static_cast<double>(weight) * sums.excess[bin];
  }
  if (scored == 0) return;
  double calibration_error = 0;  // count * |positive rate - mean probability| of a bin is its |excess|
  for (const double bin_excess : excess) calibration_error += std::abs(bin_excess);
  values[9] = brier / static_cast<double>(scored);
  values[10] = calibration_error / static_cast<double>(scored);
  values[11] = loss / static_cast<double>(scored);
}

/// AUC and average precision as metrics.h defines them, each case counted as often as its patient was drawn. The hot loop of an
/// evaluation: without branches that depend on a draw.
void WeightedFigures::set_weighted_ranks(const std::vector<std::int64_t>& weights, FigureValues& values) const {
  std::int64_t true_positives = 0;
  std::int64_t called = 0;
  std::int64_t tied = 0;
  std::int64_t tied_positives = 0;
  std::int64_t twice_won = 0;
  double precision_sum = 0;
  for (const RankedCase& ranked : ranked_) {
    const std::int64_t weight = weights[static_cast<std::size_t>(ranked.patient)];
    tied += weight;
    tied_positives += ranked.positive ? weight : 0;
    if (!ranked.ends_tie) continue;
    twice_won += (tied - tied_positives) * (2 * true_positives + tied_positives);
    true_positives += tied_positives;
    called += tied;
    const double at_least_one = static_cast<double>(std::max<std::int64_t>(called, 1));
    precision_sum += static_cast<double>(tied_positives) * (static_cast<double>(true_positives) / at_least_one);
    tied = tied_positives = 0;
  }
  const std::int64_t false_positives = called - true_positives;
  if (true_positives > 0 && false_positives > 0) {
    values[7] = static_cast<double>(twice_won) / static_cast<double>(2 * true_positives * false_positives);
  }
  if (true_positives > 0) values[8] = precision_sum / static_cast<double>(true_positives);
}

Figure WeightedFigures::auc_of_equal_patients(const std::vector<std::int64_t>& weights) const {
  double positives = 0;
  double negatives = 0;
  double tied_positives = 0;
  double tied_negatives = 0;
  double won = 0;
  for (const RankedCase& ranked : ranked_) {
    const auto patient = static_cast<std::size_t>(ranked.patient);
    const double share = static_cast<double>(weights[patient]) / static_cast<double>(sums_[patient].scored);
    (ranked.positive ? tied_positives : tied_negatives) += share;
    if (!ranked.ends_tie) continue;
    won += tied_negatives * (positives + tied_positives / 2);
    positives += tied_positives;
    negatives += tied_negatives;
    tied_positives = tied_negatives = 0;
  }
  if (positives == 0 || negatives == 0) return std::nullopt;
  return std::min(1.0, won / (positives * negatives));  // sums of shares round: a perfect order must not exceed 1
}

}  // namespace lobule
