#include "lobule/evaluation.h"

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>
#include <tuple>

#include "cluster_bootstrap.h"
#include "level_figures.h"

namespace lobule {
namespace {

using Rows = std::vector<const PredictionRow*>;

int class_index(const PredictionTable& table, const PredictionRow& row) {
  const auto found = std::find(table.class_names.begin(), table.class_names.end(), row.label);
  if (found == table.class_names.end()) throw std::runtime_error(row.path + ": label \"" + row.label + "\" is not one of the classes");
  return static_cast<int>(found - table.class_names.begin());
}

/// By call for two classes, by the largest logit (the first of equal ones) for more; -1 without a result.
int predicted_class(const Prediction& prediction, const PredictionTable& table) {
  if (prediction.call == Call::no_result) return -1;
  if (table.class_names.size() == 2) return prediction.call == Call::positive ? table.positive_class : 1 - table.positive_class;
  return static_cast<int>(std::max_element(prediction.logits.begin(), prediction.logits.end()) - prediction.logits.begin());
}

EvaluatedCase evaluated_case(const Prediction& prediction, int truth, int patient, const PredictionTable& table) {
  EvaluatedCase result;
  result.patient = patient;
  result.truth = truth;
  result.predicted = predicted_class(prediction, table);
  result.called_positive = prediction.call == Call::positive;
  if (!prediction.logits.empty()) result.p_positive = prediction.p_positive;
  return result;
}

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

/// An image of unknown patient counts as a patient of its own.
std::string patient_key(const PredictionRow& row) { return row.patient.empty() ? "image:" + row.path : row.patient; }

std::map<std::string, Rows> group_by_patient(const Rows& rows) {
  std::map<std::string, Rows> groups;
  for (const PredictionRow* row : rows) groups[patient_key(*row)].push_back(row);
  return groups;
}

/// Refused images (no logits, or no result though the thresholds would decide) do not speak for their patient.
bool speaks_for_patient(const Prediction& prediction, const PredictionTable& table) {
  if (prediction.logits.empty()) return false;
  return prediction.call != Call::no_result || call_of(prediction.p_positive, table.threshold_low, table.threshold_high) == Call::no_result;
}

Prediction patient_prediction(const Rows& rows, const PredictionTable& table) {
  std::vector<double> mean(table.class_names.size());
  int images = 0;
  for (const PredictionRow* row : rows) {
    if (!speaks_for_patient(row->prediction, table)) continue;
    ++images;
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += row->prediction.logits.at(k);
  }
  if (images == 0) {
    Prediction none;
    none.reason = "None of the patient's images has a result.";
    return none;
  }
  for (double& logit : mean) logit /= images;
  return prediction_of(std::move(mean), table.positive_class, table.threshold_low, table.threshold_high);
}

PatientResult patient_result(const std::string& patient, const Rows& rows, const PredictionTable& table) {
  PatientResult result;
  result.patient = patient;
  result.images = static_cast<int>(rows.size());
  bool labels_agree = true;
  for (const PredictionRow* row : rows) {
    if (row->label.empty()) continue;
    if (result.label.empty()) result.label = row->label;
    labels_agree = labels_agree && row->label == result.label;
    if (predicted_class(row->prediction, table) == class_index(table, *row)) ++result.images_correct;
  }
  if (!labels_agree) result.label.clear();
  result.prediction = patient_prediction(rows, table);
  return result;
}

LevelEvaluation evaluate_images(const Rows& rows, const PredictionTable& table, const EvaluationOptions& options) {
  std::map<std::string, int> patient_index;
  for (const PredictionRow* row : rows) patient_index.emplace(patient_key(*row), 0);
  int patients = 0;
  for (auto& [patient, index] : patient_index) index = patients++;
  std::vector<EvaluatedCase> cases;
  cases.reserve(rows.size());
  for (const PredictionRow* row : rows) {
    cases.push_back(evaluated_case(row->prediction, class_index(table, *row), patient_index.at(patient_key(*row)), table));
  }
  return evaluate_level(cases, patients, table, options);
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

}  // namespace

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
  Rows rows;
  for (const PredictionRow& row : table.rows) {
    if (row.label.empty()) {
      ++evaluation.unlabelled;
    } else {
      rows.push_back(&row);
    }
  }
  if (rows.empty()) throw std::runtime_error("no image has a label: there is nothing to evaluate");
  evaluation.images = evaluate_images(rows, table, options);
  evaluate_patients(rows, table, options, evaluation);
  evaluation.subsets = evaluate_subsets(rows, table, options);
  return evaluation;
}

}  // namespace lobule
