#pragma once

#include <memory>

#include "lobule/evaluation.h"

namespace lobule {

/// An evaluation that follows the thresholds while a person moves them: what they do not change (curves, areas, calibration, and their intervals, which cost
/// most) is computed once.
class Evaluator {
 public:
  /// Throws as evaluate() does.
  explicit Evaluator(PredictionTable table, const EvaluationOptions& options = {});
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  /// What evaluate() gives of the table with these thresholds, to the last bit. Without intervals: the same but for those of the calls, at a fraction of the
  /// cost; those that no threshold changes stay where an earlier call computed them. 0 <= low <= high <= 1.
  Evaluation at(double threshold_low, double threshold_high, bool with_intervals = true);

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

}  // namespace lobule
