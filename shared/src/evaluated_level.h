#pragma once

#include <optional>
#include <vector>

#include "evaluated_cases.h"
#include "level_figures.h"
#include "weighted_figures.h"

namespace lobule {

/// The cases of a level or subset, and their figures at whatever thresholds their predictions were decided by.
class EvaluatedLevel {
 public:
  /// predictions: of the cases, in their order; they must outlive this, and may be decided anew, but not get another probability.
  /// with_bands: the curves get theirs, where there are intervals.
  EvaluatedLevel(LevelCases level, std::vector<const Prediction*> predictions, int classes, int positive_class, bool with_bands);

  /// As the predictions are decided now. options: of the intervals; null: none but those that no threshold changes, where an earlier call computed them.
  LevelEvaluation evaluate(const EvaluationOptions* options);

 private:
  void set_calls();
  void set_scores();
  void count_cases(LevelEvaluation& level) const;
  void set_intervals(const EvaluationOptions& options, LevelEvaluation& level);
  void set_score_intervals(const EvaluationOptions& options);

  LevelCases level_;
  std::vector<const Prediction*> predictions_;
  int classes_;
  int positive_class_;
  bool with_bands_;
  LevelEvaluation scores_;                   // what no threshold changes; with the first intervals it gets its own
  std::optional<WeightedFigures> weighted_;  // made for the first intervals
  bool has_score_intervals_ = false;
};

}  // namespace lobule
