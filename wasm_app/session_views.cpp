// What is read off a Session: patients, the prediction table and its evaluation.
#include <algorithm>

#include "session.h"

namespace lobule {
PredictionTable Session::table() const {
  PredictionTable table;
  table.class_names = class_names_;
  table.positive_class = positive_class_;
  table.threshold_low = threshold_low_;
  table.threshold_high = threshold_high_;
  table.model_digest = table_digest_;
  for (const Case& c : cases_) {
    if (c.state != CaseState::done) continue;
    table.rows.push_back({c.path, c.facts.patient, c.facts.slide, c.facts.magnification, c.facts.subtype, c.source, c.label, c.tensor_sha256, c.prediction});
  }
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const PredictionRow& a, const PredictionRow& b) { return a.path < b.path; });
  return table;
}

std::vector<PatientCall> Session::patients() const {
  std::vector<PatientCall> calls;
  for (const PatientResult& patient : patient_results(table())) {
    calls.push_back({patient.patient, patient.images, patient.images_refused, patient.prediction});
  }
  return calls;
}

const std::map<int, std::string>& Session::copies() const {
  if (copies_revision_ != data_revision_) copies_ = copies_among(cases_);
  copies_revision_ = data_revision_;
  return copies_;
}

const Evaluation* Session::evaluation(bool quick) {
  if (!evaluator_is_current_) {
    PredictionTable predictions = table();
    const bool labelled = std::any_of(predictions.rows.begin(), predictions.rows.end(), [](const PredictionRow& row) { return !row.label.empty(); });
    evaluator_.reset();
    if (labelled) evaluator_.emplace(std::move(predictions));
    evaluator_is_current_ = true;
    evaluation_is_current_ = false;
  }
  if (evaluation_is_current_ && (quick || !evaluation_is_quick_)) return evaluation_ ? &*evaluation_ : nullptr;
  evaluation_.reset();
  if (evaluator_) evaluation_ = evaluator_->at(threshold_low_, threshold_high_, !quick);
  evaluation_is_current_ = true;
  evaluation_is_quick_ = quick;
  return evaluation_ ? &*evaluation_ : nullptr;
}

}  // namespace lobule
