#include "cluster_bootstrap.h"

#include <algorithm>
#include <cmath>

#include "lobule/portable_math.h"

namespace lobule {
namespace {

/// Quantile of sorted values, linear between two of them (type 7 of Hyndman & Fan 1996, numpy's default).
double quantile(const std::vector<double>& sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 == sorted.size()) return sorted[below];
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

/// Nothing when more than 5 % of the replicates left the figure undefined.
std::optional<Interval> percentile_interval(std::vector<double> values, int replicates) {
  if (values.empty() || static_cast<std::int64_t>(values.size()) * 20 < std::int64_t{replicates} * 19) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Interval{quantile(values, 0.025), quantile(values, 0.975)};
}

/// A case that has a probability.
struct RankedCase {
  double p_positive = 0;
  std::int32_t patient = 0;
  bool positive = false;
  bool ends_tie = false;  // the last case with this score
};

/// Everything about one patient that a count figure, Brier score or log loss needs.
struct PatientSums {
  std::int64_t scored = 0;
  double brier = 0;
  double log_loss = 0;
  BinaryCounts counts;
  std::array<double, kReliabilityBins> excess{};  // positives minus probabilities in each reliability bin
};

class Bootstrap {
 public:
  Bootstrap(std::span<const EvaluatedCase> cases, int patients, int classes, int positive_class)
      : classes_(classes), sums_(static_cast<std::size_t>(patients)), confusions_(sums_.size() * cells()) {
    for (const EvaluatedCase& evaluated : cases) add(evaluated, positive_class);
    std::stable_sort(ranked_.begin(), ranked_.end(), [](const RankedCase& a, const RankedCase& b) { return a.p_positive > b.p_positive; });
    for (std::size_t i = 0; i < ranked_.size(); ++i) {
      ranked_[i].ends_tie = i + 1 == ranked_.size() || ranked_[i].p_positive != ranked_[i + 1].p_positive;
    }
  }

  FigureValues replicate(const std::vector<std::int64_t>& weights) const {
    FigureValues values;
    set_weighted_sums(weights, values);
    set_weighted_ranks(weights, values);
    return values;
  }

 private:
  std::size_t cells() const { return static_cast<std::size_t>(classes_) * static_cast<std::size_t>(classes_); }

  void add(const EvaluatedCase& evaluated, int positive_class) {
    const auto patient = static_cast<std::size_t>(evaluated.patient);
    const bool positive = evaluated.truth == positive_class;
    PatientSums& sums = sums_.at(patient);
    if (evaluated.predicted >= 0) {
      const auto cell = static_cast<std::size_t>(evaluated.truth * classes_ + evaluated.predicted);
      ++confusions_[patient * cells() + cell];
      (positive ? (evaluated.called_positive ? sums.counts.true_positive : sums.counts.false_negative)
                : (evaluated.called_positive ? sums.counts.false_positive : sums.counts.true_negative)) += 1;
    }
    if (!evaluated.p_positive) return;
    const ScoredCase scored = {*evaluated.p_positive, positive};
    ++sums.scored;
    sums.brier += case_brier_score(scored);
    sums.log_loss += case_log_loss(scored);
    sums.excess[static_cast<std::size_t>(reliability_bin_of(scored.score, kReliabilityBins))] += (positive ? 1 : 0) - scored.score;
    ranked_.push_back({scored.score, evaluated.patient, positive});
  }

  void set_weighted_sums(const std::vector<std::int64_t>& weights, FigureValues& values) const {
    BinaryCounts counts;
    ConfusionMatrix confusion(classes_);
    std::vector<std::int64_t> cell_sums(cells());
    std::int64_t scored = 0;
    double brier = 0;
    double loss = 0;
    std::array<double, kReliabilityBins> excess{};
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      const std::int64_t weight = weights[i];
      if (weight == 0) continue;
      const PatientSums& sums = sums_[i];
      counts.true_positive += weight * sums.counts.true_positive;
      counts.false_positive += weight * sums.counts.false_positive;
      counts.true_negative += weight * sums.counts.true_negative;
      counts.false_negative += weight * sums.counts.false_negative;
      scored += weight * sums.scored;
      brier += static_cast<double>(weight) * sums.brier;
      loss += static_cast<double>(weight) * sums.log_loss;
      for (std::size_t bin = 0; bin < excess.size(); ++bin) excess[bin] += static_cast<double>(weight) * sums.excess[bin];
      for (std::size_t cell = 0; cell < cells(); ++cell) cell_sums[cell] += weight * confusions_[i * cells() + cell];
    }
    for (int truth = 0; truth < classes_; ++truth) {
      for (int predicted = 0; predicted < classes_; ++predicted) {
        confusion.add(truth, predicted, cell_sums[static_cast<std::size_t>(truth * classes_ + predicted)]);
      }
    }
    set_count_figures(confusion, counts, values);
    if (scored == 0) return;
    double calibration_error = 0;  // count * |positive rate - mean probability| of a bin is its |excess|
    for (const double bin_excess : excess) calibration_error += std::abs(bin_excess);
    values[9] = brier / static_cast<double>(scored);
    values[10] = calibration_error / static_cast<double>(scored);
    values[11] = loss / static_cast<double>(scored);
  }

  /// AUC and average precision as metrics.h defines them, each case counted as often as its patient was drawn. The hot loop of an
  /// evaluation: without branches that depend on a draw.
  void set_weighted_ranks(const std::vector<std::int64_t>& weights, FigureValues& values) const {
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

  int classes_;
  std::vector<PatientSums> sums_;         // by patient
  std::vector<std::int64_t> confusions_;  // [patient, truth, predicted]
  std::vector<RankedCase> ranked_;        // by falling probability
};

}  // namespace

std::vector<std::int64_t> draw_patients(int patients, std::uint64_t seed, int replicate) {
  SplitMix64 random(mix_seed(seed, static_cast<std::uint64_t>(replicate)));
  std::vector<std::int64_t> weights(static_cast<std::size_t>(patients));
  for (int i = 0; i < patients; ++i) ++weights[random.below(static_cast<std::uint32_t>(patients))];
  return weights;
}

FigureIntervals bootstrap_figures(std::span<const EvaluatedCase> cases, int patients, int classes, int positive_class, const EvaluationOptions& options) {
  FigureIntervals intervals;
  if (patients < 2) return intervals;
  const Bootstrap bootstrap(cases, patients, classes, positive_class);
  std::array<std::vector<double>, kFigureFields.size()> samples;
  for (int r = 0; r < options.bootstrap_replicates; ++r) {
    const FigureValues values = bootstrap.replicate(draw_patients(patients, options.bootstrap_seed, r));
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i]) samples[i].push_back(*values[i]);
    }
  }
  for (std::size_t i = 0; i < samples.size(); ++i) intervals[i] = percentile_interval(std::move(samples[i]), options.bootstrap_replicates);
  return intervals;
}

std::optional<Interval> bootstrap_mean(std::span<const double> value_of_patient, const EvaluationOptions& options) {
  if (value_of_patient.size() < 2) return std::nullopt;
  std::vector<double> samples;
  for (int r = 0; r < options.bootstrap_replicates; ++r) {
    const std::vector<std::int64_t> weights = draw_patients(static_cast<int>(value_of_patient.size()), options.bootstrap_seed, r);
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += static_cast<double>(weights[i]) * value_of_patient[i];
    samples.push_back(sum / static_cast<double>(value_of_patient.size()));
  }
  return percentile_interval(std::move(samples), options.bootstrap_replicates);
}

}  // namespace lobule
