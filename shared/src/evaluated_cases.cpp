#include "evaluated_cases.h"

#include <algorithm>
#include <stdexcept>

namespace lobule {
namespace {

int predicted_class(const Prediction& prediction, const PredictionTable& table) {
  return called_class(prediction, static_cast<int>(table.class_names.size()), table.positive_class);
}

std::string patient_key(const PredictionRow& row) { return row.patient.empty() ? "image:" + row.path : row.patient; }

/// Images that were refused or could not be read do not speak for their patient.
bool speaks_for_patient(const Prediction& prediction) { return !prediction.logits.empty() && prediction.refusal.empty(); }

Prediction patient_prediction(const Rows& rows, const PredictionTable& table) {
  std::vector<double> mean(table.class_names.size());
  int images = 0;
  for (const PredictionRow* row : rows) {
    if (!speaks_for_patient(row->prediction)) continue;
    ++images;
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += row->prediction.logits.at(k);
  }
  if (images == 0) {
    Prediction none;
    const bool refused = std::any_of(rows.begin(), rows.end(), [](const PredictionRow* row) { return !row->prediction.refusal.empty(); });
    none.reason = "None of the patient's images has a result.";
    if (refused) refuse(none, none.reason);
    return none;
  }
  for (double& logit : mean) logit /= images;
  return prediction_of(std::move(mean), table.positive_class, table.threshold_low, table.threshold_high);
}

}  // namespace

int class_index(const PredictionTable& table, const PredictionRow& row) {
  const auto found = std::find(table.class_names.begin(), table.class_names.end(), row.label);
  if (found == table.class_names.end()) throw std::runtime_error(row.path + ": label \"" + row.label + "\" is not one of the classes");
  return static_cast<int>(found - table.class_names.begin());
}

EvaluatedCase evaluated_case(const Prediction& prediction, int truth, int patient, const PredictionTable& table) {
  EvaluatedCase result;
  result.patient = patient;
  result.truth = truth;
  result.predicted = predicted_class(prediction, table);
  result.called_positive = prediction.call == Call::positive;
  result.refused = !prediction.refusal.empty();
  if (speaks_for_patient(prediction)) result.p_positive = prediction.p_positive;
  return result;
}

std::map<std::string, Rows> group_by_patient(const Rows& rows) {
  std::map<std::string, Rows> groups;
  for (const PredictionRow* row : rows) groups[patient_key(*row)].push_back(row);
  return groups;
}

LevelCases image_cases(const Rows& rows, const PredictionTable& table) {
  std::map<std::string, int> patient_index;
  for (const PredictionRow* row : rows) patient_index.emplace(patient_key(*row), 0);
  LevelCases level;
  for (auto& [patient, index] : patient_index) index = level.patients++;
  level.cases.reserve(rows.size());
  for (const PredictionRow* row : rows) {
    level.cases.push_back(evaluated_case(row->prediction, class_index(table, *row), patient_index.at(patient_key(*row)), table));
  }
  return level;
}

Rows labelled_rows(const PredictionTable& table) {
  Rows rows;
  for (const PredictionRow& row : table.rows) {
    if (!row.label.empty()) rows.push_back(&row);
  }
  return rows;
}

LevelCases patient_cases(const Rows& rows, const PredictionTable& table) {
  LevelCases level;
  for (const auto& [patient, images] : group_by_patient(rows)) {
    const PatientResult result = patient_result(patient, images, table);
    if (result.label.empty()) continue;
    level.cases.push_back(evaluated_case(result.prediction, class_index(table, *images.front()), level.patients++, table));
  }
  return level;
}

PatientResult patient_result(const std::string& patient, const Rows& rows, const PredictionTable& table) {
  PatientResult result;
  result.patient = patient;
  result.images = static_cast<int>(rows.size());
  bool labels_agree = true;
  for (const PredictionRow* row : rows) {
    if (!row->prediction.refusal.empty()) ++result.images_refused;
    if (row->label.empty()) continue;
    if (result.label.empty()) result.label = row->label;
    labels_agree = labels_agree && row->label == result.label;
    if (predicted_class(row->prediction, table) == class_index(table, *row)) ++result.images_correct;
  }
  if (!labels_agree) result.label.clear();
  result.prediction = patient_prediction(rows, table);
  return result;
}

}  // namespace lobule
