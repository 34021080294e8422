#include "lobule/evaluation.h"

#include <algorithm>

#include "evaluated_cases.h"
#include "lobule/evaluator.h"

namespace lobule {

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
  return Evaluator(table, options).at(table.threshold_low, table.threshold_high, options.bootstrap_replicates > 0);
}

}  // namespace lobule
