#include "lobule/decision.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cluster_bootstrap.h"
#include "evaluated_cases.h"
#include "json_text.h"
#include "weighted_figures.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

Figure share_of(double part, double rest) { return part + rest > 0 ? Figure(part / (part + rest)) : std::nullopt; }

PredictiveValues predictive_values(const LevelCases& level, const PredictionTable& table, double prevalence, const EvaluationOptions& options) {
  const WeightedFigures weighted(level.cases, level.patients, static_cast<int>(table.class_names.size()), table.positive_class);
  const auto figures_of = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    const BinaryCounts counts = weighted.counts(weights);
    values[0] = positive_predictive_value_at(prevalence, recall(counts), specificity(counts));
    values[1] = negative_predictive_value_at(prevalence, recall(counts), specificity(counts));
  };
  std::vector<Figure> values(2);
  figures_of(std::vector<std::int64_t>(static_cast<std::size_t>(level.patients), 1), values);
  const std::vector<std::optional<Interval>> intervals = bootstrap_intervals(level.patients, 2, figures_of, options);
  return {{values[0], values[0] ? intervals[0] : std::nullopt}, {values[1], values[1] ? intervals[1] : std::nullopt}};
}

Json figure_json(const EstimatedFigure& figure) {
  return {{"value", figure.value ? Json(*figure.value) : Json()},
          {"low", figure.interval ? Json(figure.interval->low) : Json()},
          {"high", figure.interval ? Json(figure.interval->high) : Json()}};
}

Json values_json(const PredictiveValues& values) { return {{"ppv", figure_json(values.positive)}, {"npv", figure_json(values.negative)}}; }

}  // namespace

Figure positive_predictive_value_at(double prevalence, const Figure& sensitivity, const Figure& specificity) {
  if (!sensitivity || !specificity) return std::nullopt;
  return share_of(*sensitivity * prevalence, (1 - *specificity) * (1 - prevalence));
}

Figure negative_predictive_value_at(double prevalence, const Figure& sensitivity, const Figure& specificity) {
  if (!sensitivity || !specificity) return std::nullopt;
  return share_of(*specificity * (1 - prevalence), (1 - *sensitivity) * prevalence);
}

PrevalenceEvaluation evaluate_at_prevalence(const PredictionTable& table, double prevalence, const EvaluationOptions& options) {
  if (!(prevalence > 0 && prevalence < 1)) throw std::runtime_error("a prevalence must be between 0 and 1");
  const Rows rows = labelled_rows(table);
  if (rows.empty()) throw std::runtime_error("no image has a label: there is nothing to evaluate");
  PrevalenceEvaluation evaluation;
  evaluation.prevalence = prevalence;
  evaluation.images = predictive_values(image_cases(rows, table), table, prevalence, options);
  evaluation.patients = predictive_values(patient_cases(rows, table), table, prevalence, options);
  return evaluation;
}

std::string to_json(const PrevalenceEvaluation& evaluation) {
  return json_text({{"prevalence", evaluation.prevalence}, {"images", values_json(evaluation.images)}, {"patients", values_json(evaluation.patients)}});
}

}  // namespace lobule
