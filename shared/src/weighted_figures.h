#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "evaluated_cases.h"
#include "level_figures.h"

namespace lobule {

inline constexpr std::size_t kRocPlaces = 21;
inline constexpr std::size_t kPrPlaces = 20;
inline constexpr std::size_t kDecisionPlaces = 19;
inline double roc_place(std::size_t i) { return static_cast<double>(i) / 20; }           // false positive rate
inline double pr_place(std::size_t i) { return static_cast<double>(i + 1) / 20; }        // recall
inline double decision_place(std::size_t i) { return static_cast<double>(i + 1) / 20; }  // threshold

/// Heights of the curves at their places; nothing where undefined.
struct CurveValues {
  std::array<Figure, kRocPlaces> roc;
  std::array<Figure, kPrPlaces> pr;
  std::array<Figure, kReliabilityBins> reliability;
  std::array<Figure, kDecisionPlaces> decision;
};

/// The figures of cases whose patients count so many times each, as in a replicate of a bootstrap: sums a patient and one pass over the cases in the order of
/// their scores give them, and no case is copied or sorted again.
class WeightedFigures {
 public:
  /// patients: how many there are, indices 0..patients-1.
  WeightedFigures(std::span<const EvaluatedCase> cases, int patients, int classes, int positive_class);

  /// weights: how often each patient counts; 1 each gives the figures of metrics.h.
  FigureValues figures(const std::vector<std::int64_t>& weights) const;
  /// The first kCountFigures of them alone, and the others alone.
  void set_count_figures_of(const std::vector<std::int64_t>& weights, FigureValues& values) const;
  void set_score_figures_of(const std::vector<std::int64_t>& weights, FigureValues& values) const;

  /// The same cases, called by other thresholds.
  void set_calls(std::span<const EvaluatedCase> cases);

  /// See CurveBand.
  CurveValues curves(const std::vector<std::int64_t>& weights) const;

  /// Of decided cases alone.
  BinaryCounts counts(const std::vector<std::int64_t>& weights) const;

  /// ROC AUC in which all cases of a patient that have a probability weigh together what the patient does: 1 / their number each, so that no patient speaks
  /// louder for having more images.
  Figure auc_of_equal_patients(const std::vector<std::int64_t>& weights) const;

 private:
  /// A case that has a probability.
  struct RankedCase {
    double p_positive = 0;
    std::int32_t patient = 0;
    bool positive = false;
    bool ends_tie = false;  // the last case with this score
    std::int8_t bin = 0;    // of the reliability diagram
  };

  /// Everything about one patient that a count figure, Brier score or log loss needs.
  struct PatientSums {
    std::int64_t scored = 0;
    double brier = 0;
    double log_loss = 0;
    BinaryCounts counts;
    std::array<double, kReliabilityBins> excess{};  // positives minus probabilities in each reliability bin
  };

  std::size_t cells() const { return static_cast<std::size_t>(classes_) * static_cast<std::size_t>(classes_); }
  void add_call(const EvaluatedCase& evaluated);
  void add_score(const EvaluatedCase& evaluated);
  void set_weighted_sums(const std::vector<std::int64_t>& weights, FigureValues& values) const;
  void set_weighted_ranks(const std::vector<std::int64_t>& weights, FigureValues& values) const;

  int classes_;
  int positive_class_;
  std::vector<PatientSums> sums_;         // by patient
  std::vector<std::int64_t> confusions_;  // [patient, truth, predicted]
  std::vector<RankedCase> ranked_;        // by falling probability
};

}  // namespace lobule
