#include "evaluated_level.h"

#include <algorithm>

#include "cluster_bootstrap.h"

namespace lobule {

EvaluatedLevel::EvaluatedLevel(LevelCases level, std::vector<const Prediction*> predictions, int classes, int positive_class)
    : level_(std::move(level)), predictions_(std::move(predictions)), classes_(classes), positive_class_(positive_class) {
  set_scores();
}

void EvaluatedLevel::set_scores() {
  std::vector<ScoredCase> scored;
  for (const EvaluatedCase& evaluated : level_.cases) {
    if (evaluated.p_positive) scored.push_back({*evaluated.p_positive, evaluated.truth == positive_class_});
  }
  scores_.scored = static_cast<std::int64_t>(scored.size());
  scores_.roc = roc_curve(scored);
  scores_.pr = pr_curve(scored);
  scores_.reliability = reliability_bins(scored);
  scores_.decision = decision_curve(scored);
  scores_.auc.value = roc_auc(scored);
  scores_.average_precision.value = average_precision(scored);
  scores_.brier.value = brier_score(scored);
  scores_.ece.value = expected_calibration_error(scored);
  scores_.log_loss.value = log_loss(scored);
}

void EvaluatedLevel::set_calls() {
  for (std::size_t i = 0; i < predictions_.size(); ++i) {
    level_.cases[i].predicted = called_class(*predictions_[i], classes_, positive_class_);
    level_.cases[i].called_positive = predictions_[i]->call == Call::positive;
  }
}

void EvaluatedLevel::count_cases(LevelEvaluation& level) const {
  level.confusion = ConfusionMatrix(classes_);
  for (const EvaluatedCase& evaluated : level_.cases) {
    const bool positive = evaluated.truth == positive_class_;
    ++level.cases;
    level.positives += positive ? 1 : 0;
    if (evaluated.predicted < 0) {
      ++level.no_result;
      level.refused += evaluated.refused ? 1 : 0;
      level.undecided += evaluated.p_positive ? 1 : 0;
      continue;
    }
    level.confusion.add(evaluated.truth, evaluated.predicted);
    BinaryCounts& counts = level.counts;
    (positive ? (evaluated.called_positive ? counts.true_positive : counts.false_negative)
              : (evaluated.called_positive ? counts.false_positive : counts.true_negative)) += 1;
  }
  FigureValues values;
  set_count_figures(level.confusion, level.counts, values);
  for (std::size_t i = 0; i < kCountFigures; ++i) (level.*kFigureFields[i].field).value = values[i];
}

void EvaluatedLevel::set_intervals(const EvaluationOptions& options, LevelEvaluation& level) {
  if (weighted_) {
    weighted_->set_calls(level_.cases);
  } else {
    weighted_.emplace(level_.cases, level_.patients, classes_, positive_class_);
  }
  const auto counts_of = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    FigureValues all;
    weighted_->set_count_figures_of(weights, all);
    std::copy_n(all.begin(), kCountFigures, values.begin());
  };
  const auto scores_of = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    FigureValues all;
    weighted_->set_score_figures_of(weights, all);
    std::copy(all.begin() + kCountFigures, all.end(), values.begin());
  };
  const auto count_intervals = bootstrap_intervals(level_.patients, kCountFigures, counts_of, options);
  if (!score_intervals_) score_intervals_ = bootstrap_intervals(level_.patients, kFigureFields.size() - kCountFigures, scores_of, options);
  for (std::size_t i = 0; i < kFigureFields.size(); ++i) {
    EstimatedFigure& figure = level.*kFigureFields[i].field;
    if (figure.value) figure.interval = i < kCountFigures ? count_intervals[i] : (*score_intervals_)[i - kCountFigures];
  }
}

LevelEvaluation EvaluatedLevel::evaluate(const EvaluationOptions* options) {
  set_calls();
  LevelEvaluation level = scores_;
  count_cases(level);
  if (options != nullptr) set_intervals(*options, level);
  return level;
}

}  // namespace lobule
