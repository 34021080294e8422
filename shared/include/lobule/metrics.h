#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lobule {

/// A figure, or nothing where its denominator is zero (no positive case, no positive call, one class only).
using Figure = std::optional<double>;

/// Counts with one class named positive.
struct BinaryCounts {
  std::int64_t true_positive = 0;
  std::int64_t false_positive = 0;
  std::int64_t true_negative = 0;
  std::int64_t false_negative = 0;
  std::int64_t total() const { return true_positive + false_positive + true_negative + false_negative; }
};

Figure accuracy(const BinaryCounts& counts);
Figure precision(const BinaryCounts& counts);  // positive predictive value
Figure recall(const BinaryCounts& counts);     // sensitivity
Figure specificity(const BinaryCounts& counts);
Figure negative_predictive_value(const BinaryCounts& counts);
Figure balanced_accuracy(const BinaryCounts& counts);
Figure f1_score(const BinaryCounts& counts);              // 2 tp / (2 tp + fp + fn)
Figure matthews_correlation(const BinaryCounts& counts);  // nothing when a margin is empty (scikit-learn says 0)

/// K x K counts: rows are the true class, columns the predicted one.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int classes);
  void add(int truth, int predicted, std::int64_t count = 1);
  std::int64_t at(int truth, int predicted) const;
  int classes() const { return classes_; }
  std::int64_t total() const;
  std::int64_t true_total(int truth) const;           // cases of a class
  std::int64_t predicted_total(int predicted) const;  // cases called so
  BinaryCounts binary(int positive_class) const;      // positive_class against the rest
  Figure accuracy() const;
  Figure balanced_accuracy() const;  // mean recall of the classes; nothing when a class has no case

 private:
  std::size_t index(int truth, int predicted) const;
  int classes_;
  std::vector<std::int64_t> counts_;
};

/// Agreement beyond chance of whoever calls the rows and whoever calls the columns (Cohen 1960): (observed - expected) / (1 - expected). Nothing without a case,
/// nor where chance alone agrees always.
Figure cohen_kappa(const ConfusionMatrix& agreement);

/// A score with its truth. Larger scores speak for the positive class.
struct ScoredCase {
  double score = 0;
  bool positive = false;
};

struct RocPoint {
  double threshold = 0;  // cases with score >= threshold are called positive; the first point's is +infinity
  double false_positive_rate = 0;
  double true_positive_rate = 0;
};

struct PrPoint {
  double threshold = 0;
  double precision = 1;
  double recall = 0;
};

// Curves and areas: std::logic_error at a score that is not a number.

/// From (0,0) on, one point per distinct score, to (1,1); empty unless both classes are present.
std::vector<RocPoint> roc_curve(std::span<const ScoredCase> cases);
/// Area under the ROC curve = P(score of a positive > score of a negative) + half of P(equal) (Hanley & McNeil 1982).
Figure roc_auc(std::span<const ScoredCase> cases);
/// One point per distinct score, by falling threshold; empty without a positive case.
std::vector<PrPoint> pr_curve(std::span<const ScoredCase> cases);
/// sum over thresholds of (recall step) * precision, as scikit-learn's average_precision_score.
Figure average_precision(std::span<const ScoredCase> cases);

// The following take probabilities of the positive class as scores; nothing for an empty set.

Figure brier_score(std::span<const ScoredCase> cases);  // Brier 1950, binary form
double case_brier_score(const ScoredCase& scored);      // one case's part of it
Figure log_loss(std::span<const ScoredCase> cases);     // nats; probabilities clipped to [2^-52, 1 - 2^-52] as scikit-learn does
double case_log_loss(const ScoredCase& scored);

inline constexpr int kReliabilityBins = 15;  // as Guo 2017

struct ReliabilityBin {
  double low = 0;  // [low, high), the last one [low, 1]
  double high = 0;
  std::int64_t count = 0;
  double mean_probability = 0;
  double positive_rate = 0;
};
/// How many of a bin's cases are positive.
std::int64_t positives_of(const ReliabilityBin& bin);
/// Index of the bin of a probability. std::logic_error outside 0..1.
int reliability_bin_of(double probability, int bins);
/// Equal-width bins of p(positive); empty bins have count 0.
std::vector<ReliabilityBin> reliability_bins(std::span<const ScoredCase> cases, int bins = kReliabilityBins);
/// Expected calibration error: mean |positive_rate - mean_probability| weighted by count (Naeini 2015, Guo 2017).
Figure expected_calibration_error(std::span<const ScoredCase> cases, int bins = kReliabilityBins);

/// Net benefit of calling positive from a threshold on (Vickers & Elkin 2006): a threshold of 0.1 says that a missed positive weighs as much as nine needless
/// further examinations. To call nobody positive is worth 0.
struct DecisionPoint {
  double threshold = 0;
  double net_benefit = 0;  // true positives / n - false positives / n * threshold / (1 - threshold)
  double call_all = 0;     // the same where everybody is called positive
};
/// At thresholds 0.01, 0.02, ..., 0.99; empty for an empty set.
std::vector<DecisionPoint> decision_curve(std::span<const ScoredCase> cases);

struct Interval {
  double low = 0;
  double high = 0;
};

}  // namespace lobule
