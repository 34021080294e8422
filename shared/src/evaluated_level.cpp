#include "evaluated_level.h"

#include <algorithm>

#include "cluster_bootstrap.h"

namespace lobule {

EvaluatedLevel::EvaluatedLevel(LevelCases level, std::vector<const Prediction*> predictions, int classes, int positive_class, bool with_bands)
    : level_(std::move(level)), predictions_(std::move(predictions)), classes_(classes), positive_class_(positive_class), with_bands_(with_bands) {
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
  weighted_->set_calls(level_.cases);
  const auto counts_of = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    FigureValues all;
    weighted_->set_count_figures_of(weights, all);
    std::copy_n(all.begin(), kCountFigures, values.begin());
  };
  const auto intervals = bootstrap_intervals(level_.patients, kCountFigures, counts_of, options);
  for (std::size_t i = 0; i < kCountFigures; ++i) {
    EstimatedFigure& figure = level.*kFigureFields[i].field;
    if (figure.value) figure.interval = intervals[i];
  }
}

void EvaluatedLevel::set_score_intervals(const EvaluationOptions& options) {
  weighted_.emplace(level_.cases, level_.patients, classes_, positive_class_);
  constexpr std::size_t kScoreFigures = kFigureFields.size() - kCountFigures;
  constexpr std::size_t kPlaces = kRocPlaces + kPrPlaces + kReliabilityBins + kDecisionPlaces;
  const auto scores_of = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    FigureValues all;
    weighted_->set_score_figures_of(weights, all);
    auto next = std::copy(all.begin() + kCountFigures, all.end(), values.begin());
    if (!with_bands_) return;
    const CurveValues curves = weighted_->curves(weights);
    next = std::copy(curves.roc.begin(), curves.roc.end(), next);
    next = std::copy(curves.pr.begin(), curves.pr.end(), next);
    next = std::copy(curves.reliability.begin(), curves.reliability.end(), next);
    std::copy(curves.decision.begin(), curves.decision.end(), next);
  };
  const auto intervals = bootstrap_intervals(level_.patients, kScoreFigures + (with_bands_ ? kPlaces : 0), scores_of, options);
  for (std::size_t i = 0; i < kScoreFigures; ++i) {
    EstimatedFigure& figure = scores_.*kFigureFields[kCountFigures + i].field;
    if (figure.value) figure.interval = intervals[i];
  }
  has_score_intervals_ = true;
  if (!with_bands_) return;
  auto next = intervals.begin() + kScoreFigures;
  const auto take = [&](CurveBand& band, std::size_t places, auto&& place) {
    for (std::size_t i = 0; i < places; ++i) {
      band.at.push_back(place(i));
      band.intervals.push_back(*next++);
    }
  };
  take(scores_.roc_band, kRocPlaces, roc_place);
  take(scores_.pr_band, kPrPlaces, pr_place);
  take(scores_.reliability_band, kReliabilityBins, [](std::size_t i) { return (static_cast<double>(i) + 0.5) / kReliabilityBins; });
  take(scores_.decision_band, kDecisionPlaces, decision_place);
}

LevelEvaluation EvaluatedLevel::evaluate(const EvaluationOptions* options) {
  set_calls();
  if (options != nullptr && !has_score_intervals_) set_score_intervals(*options);
  LevelEvaluation level = scores_;
  count_cases(level);
  if (options != nullptr) set_intervals(*options, level);
  return level;
}

}  // namespace lobule
