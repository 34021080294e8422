#include "lobule/evaluation.h"

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>
#include <tuple>

#include "cluster_bootstrap.h"
#include "evaluated_cases.h"
#include "level_figures.h"

namespace lobule {
namespace {

LevelEvaluation evaluate_level(std::span<const EvaluatedCase> cases, int patients, const PredictionTable& table, const EvaluationOptions& options) {
  const int classes = static_cast<int>(table.class_names.size());
  LevelEvaluation level;
  level.confusion = ConfusionMatrix(classes);
  std::vector<ScoredCase> scored;
  for (const EvaluatedCase& evaluated : cases) {
    const bool positive = evaluated.truth == table.positive_class;
    ++level.cases;
    level.positives += positive ? 1 : 0;
    if (evaluated.p_positive) scored.push_back({*evaluated.p_positive, positive});
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
  level.scored = static_cast<std::int64_t>(scored.size());
  level.roc = roc_curve(scored);
  level.pr = pr_curve(scored);
  level.reliability = reliability_bins(scored);

  FigureValues values;
  set_count_figures(level.confusion, level.counts, values);
  values[7] = roc_auc(scored);
  values[8] = average_precision(scored);
  values[9] = brier_score(scored);
  values[10] = expected_calibration_error(scored);
  values[11] = log_loss(scored);
  const FigureIntervals intervals = bootstrap_figures(cases, patients, classes, table.positive_class, options);
  for (std::size_t i = 0; i < values.size(); ++i) {
    level.*kFigureFields[i].field = {values[i], values[i] ? intervals[i] : std::nullopt};
  }
  return level;
}

LevelEvaluation evaluate_images(const Rows& rows, const PredictionTable& table, const EvaluationOptions& options) {
  const LevelCases level = image_cases(rows, table);
  return evaluate_level(level.cases, level.patients, table, options);
}

void evaluate_patients(const Rows& rows, const PredictionTable& table, const EvaluationOptions& options, Evaluation& evaluation) {
  std::vector<EvaluatedCase> cases;
  std::vector<double> recognition_rates;
  double rate_sum = 0;
  for (const auto& [patient, images] : group_by_patient(rows)) {
    const PatientResult result = patient_result(patient, images, table);
    recognition_rates.push_back(static_cast<double>(result.images_correct) / result.images);
    rate_sum += recognition_rates.back();
    if (!result.label.empty()) {
      cases.push_back(evaluated_case(result.prediction, class_index(table, *images.front()), static_cast<int>(cases.size()), table));
    }
    if (!images.front()->patient.empty()) evaluation.patient_results.push_back(result);
  }
  evaluation.patients = evaluate_level(cases, static_cast<int>(cases.size()), table, options);
  evaluation.patient_recognition_rate = {rate_sum / static_cast<double>(recognition_rates.size()), bootstrap_mean(recognition_rates, options)};
}

/// By field; magnifications in the order of their numbers. Rows that do not say a field's value belong to none of its subsets.
std::vector<Subset> evaluate_subsets(const Rows& rows, const PredictionTable& table, const EvaluationOptions& options) {
  using Value = std::tuple<int, std::string>;
  std::vector<Subset> subsets;
  for (const std::string field : {"magnification", "subtype", "source"}) {
    std::map<Value, Rows> rows_by_value;
    for (const PredictionRow* row : rows) {
      Value value;
      if (field == "magnification" && row->magnification != 0) value = {row->magnification, std::to_string(row->magnification)};
      if (field == "subtype") value = {0, row->subtype};
      if (field == "source") value = {0, row->source};
      if (!std::get<1>(value).empty()) rows_by_value[value].push_back(row);
    }
    if (rows_by_value.size() < 2) continue;
    for (const auto& [value, subset_rows] : rows_by_value) {
      subsets.push_back({field, std::get<1>(value), evaluate_images(subset_rows, table, options)});
    }
  }
  return subsets;
}

/// The same predictions as the thresholds alone decide them; nothing where no gate refused any.
std::optional<PredictionTable> without_refusals(const PredictionTable& table) {
  const bool refused = std::any_of(table.rows.begin(), table.rows.end(), [](const PredictionRow& row) { return !row.prediction.refusal.empty(); });
  if (!refused) return std::nullopt;
  PredictionTable all = table;
  for (PredictionRow& row : all.rows) {
    if (row.prediction.refusal.empty()) continue;
    row.prediction.refusal.clear();
    decide(row.prediction, all.threshold_low, all.threshold_high);
  }
  return all;
}

Rows labelled_rows(const PredictionTable& table) {
  Rows rows;
  for (const PredictionRow& row : table.rows) {
    if (!row.label.empty()) rows.push_back(&row);
  }
  return rows;
}

}  // namespace

std::string patients_without_label(const Evaluation& evaluation) {
  const std::vector<PatientResult>& patients = evaluation.patient_results;
  const auto count = std::count_if(patients.begin(), patients.end(), [](const PatientResult& patient) { return patient.label.empty(); });
  if (count == 0) return "";
  return "Figures of patients leave out " + std::to_string(count) + " of " + std::to_string(patients.size()) + ", who have images of several classes.";
}

std::vector<PatientResult> patient_results(const PredictionTable& table) {
  Rows rows;
  for (const PredictionRow& row : table.rows) {
    if (!row.patient.empty()) rows.push_back(&row);
  }
  std::vector<PatientResult> results;
  for (const auto& [patient, images] : group_by_patient(rows)) results.push_back(patient_result(patient, images, table));
  return results;
}

Evaluation evaluate(const PredictionTable& table, const EvaluationOptions& options) {
  Evaluation evaluation;
  evaluation.class_names = table.class_names;
  evaluation.positive_class = table.positive_class;
  evaluation.threshold_low = table.threshold_low;
  evaluation.threshold_high = table.threshold_high;
  evaluation.model_digest = table.model_digest;
  evaluation.options = options;
  const Rows rows = labelled_rows(table);
  evaluation.unlabelled = static_cast<std::int64_t>(table.rows.size() - rows.size());
  if (rows.empty()) throw std::runtime_error("no image has a label: there is nothing to evaluate");
  evaluation.images = evaluate_images(rows, table, options);
  evaluate_patients(rows, table, options, evaluation);
  evaluation.subsets = evaluate_subsets(rows, table, options);
  if (const std::optional<PredictionTable> all = without_refusals(table)) {
    const Rows all_rows = labelled_rows(*all);
    Evaluation ungated;
    evaluate_patients(all_rows, *all, options, ungated);
    evaluation.without_gates = {evaluate_images(all_rows, *all, options), std::move(ungated.patients), ungated.patient_recognition_rate,
                                evaluate_subsets(all_rows, *all, options)};
  }
  return evaluation;
}

}  // namespace lobule
