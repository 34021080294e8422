// What is read off a Session: the list, patients, the prediction table and its evaluation.
#include <algorithm>
#include <map>

#include "session.h"

namespace lobule {
namespace {

std::string ascii_lower(std::string text) {
  for (char& letter : text) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return text;
}

bool passes(const Case& c, const CaseFilter& filter, const std::string& text, const std::vector<std::string>& classes, int positive) {
  if (!text.empty() && ascii_lower(c.path).find(text) == std::string::npos && ascii_lower(c.facts.patient).find(text) == std::string::npos) {
    return false;
  }
  const bool done = c.state == CaseState::done;
  if (filter.call == "waiting" && c.state != CaseState::waiting) return false;
  if (filter.call == "failed" && c.state != CaseState::failed) return false;
  if (filter.call == "positive" && !(done && c.prediction.call == Call::positive)) return false;
  if (filter.call == "negative" && !(done && c.prediction.call == Call::negative)) return false;
  if (filter.call == "no_result" && !(done && c.prediction.call == Call::no_result)) return false;
  if (filter.wrong_only) {
    if (!done || c.label.empty() || c.prediction.call == Call::no_result) return false;
    const bool called_positive = c.prediction.call == Call::positive;
    return called_positive != (c.label == classes[static_cast<std::size_t>(positive)]);
  }
  return true;
}

}  // namespace

std::vector<const Case*> Session::list(const CaseFilter& filter) const {
  const std::string text = ascii_lower(filter.text);
  std::map<std::string, std::size_t> place_of_patient;
  std::vector<std::vector<const Case*>> groups;
  std::vector<const Case*> without_patient;
  for (const Case& c : cases_) {
    if (!passes(c, filter, text, class_names_, positive_class_)) continue;
    if (c.facts.patient.empty()) {
      without_patient.push_back(&c);
      continue;
    }
    const auto [entry, is_new] = place_of_patient.emplace(c.facts.patient, groups.size());
    if (is_new) groups.emplace_back();
    groups[entry->second].push_back(&c);
  }
  std::vector<const Case*> shown;
  for (const auto& group : groups) shown.insert(shown.end(), group.begin(), group.end());
  shown.insert(shown.end(), without_patient.begin(), without_patient.end());
  return shown;
}

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

const Evaluation* Session::evaluation(bool quick) {
  if (evaluation_is_current_ && (quick || !evaluation_is_quick_)) return evaluation_ ? &*evaluation_ : nullptr;
  const PredictionTable predictions = table();
  const bool labelled = std::any_of(predictions.rows.begin(), predictions.rows.end(), [](const PredictionRow& row) { return !row.label.empty(); });
  evaluation_.reset();
  if (labelled) {
    EvaluationOptions options;
    if (quick) options.bootstrap_replicates = 0;
    evaluation_ = evaluate(predictions, options);
  }
  evaluation_is_current_ = true;
  evaluation_is_quick_ = quick;
  return evaluation_ ? &*evaluation_ : nullptr;
}

}  // namespace lobule
