// What is read off a Session: patients, the prediction table and its evaluation.
#include <algorithm>

#include "pixel_size.h"
#include "session.h"

namespace lobule {
std::vector<const Case*> Session::rows(bool with_training) const {
  std::vector<const Case*> rows;
  for (const Case& c : cases_) {
    if (c.state == CaseState::done && (with_training || !in_training(c))) rows.push_back(&c);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Case* a, const Case* b) { return a->path < b->path; });
  return rows;
}

PredictionTable Session::table_of(const std::vector<const Case*>& rows) const {
  PredictionTable table;
  table.class_names = class_names_;
  table.positive_class = positive_class_;
  table.threshold_low = threshold_low_;
  table.threshold_high = threshold_high_;
  table.model_digest = table_digest_;
  for (const Case* c : rows) {
    table.rows.push_back(
        {c->path, c->facts.patient, c->facts.slide, c->facts.magnification, c->facts.subtype, c->source, c->label, c->tensor_sha256, c->prediction});
  }
  return table;
}

PredictionTable Session::table() const { return table_of(rows(counts_training_)); }

PredictionTable Session::predictions() const {
  const std::vector<const Case*> all = rows(true);
  PredictionTable table = table_of(all);
  for (std::size_t i = 0; i < all.size(); ++i) table.rows[i].in_training = !counts_training_ && in_training(*all[i]);
  return table;
}

ReadingTable Session::readings() const {
  const std::vector<const Case*> read = rows(counts_training_);
  ReadingTable table = {table_of(read), {}};
  for (const Case* c : read) table.readings.push_back({c->reading_first, c->reading_after});
  return table;
}

int Session::left_out() const {
  if (counts_training_) return 0;
  return static_cast<int>(std::count_if(cases_.begin(), cases_.end(), [this](const Case& c) { return c.state == CaseState::done && in_training(c); }));
}

void Session::set_counts_training(bool on) {
  if (on == counts_training_) return;
  counts_training_ = on;
  changed();
}

std::vector<PatientCall> Session::patients() const {
  std::vector<PatientCall> calls;
  for (const PatientResult& patient : patient_results(table_of(rows(true)))) {
    calls.push_back({patient.patient, patient.images, patient.images_refused, patient.prediction});
  }
  return calls;
}

double Session::pixel_size(const Case& c) const {
  if (c.typed_pixel_size > 0) return c.typed_pixel_size;
  if (const double known = breakhis_pixel_size(c); known > 0) return known;
  const auto said = pixel_sizes_.find({c.width, c.height, c.facts.magnification});
  return said == pixel_sizes_.end() ? 0 : said->second;
}

const std::map<int, std::string>& Session::copies() const {
  if (copies_revision_ != data_revision_) copies_ = copies_among(cases_);
  copies_revision_ = data_revision_;
  return copies_;
}

const Evaluation* Session::evaluation(bool quick) {
  if (opened_evaluation_) return &*opened_evaluation_;
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
