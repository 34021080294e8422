#include "session.h"

#include <algorithm>
#include <stdexcept>

namespace lobule {
namespace {

/// Enough for an afternoon's labelling; bounds what removed cases hold.
constexpr std::size_t kUndoSteps = 500;

}  // namespace

void Session::changed() {
  ++revision_;
  evaluation_is_current_ = false;
}

bool Session::is_class(const std::string& label) const { return std::find(class_names_.begin(), class_names_.end(), label) != class_names_.end(); }

Case& Session::at(int id) {
  const auto found = std::find_if(cases_.begin(), cases_.end(), [id](const Case& c) { return c.id == id; });
  if (found == cases_.end()) throw std::runtime_error("there is no case " + std::to_string(id));
  return *found;
}

const Case& Session::at(int id) const { return const_cast<Session*>(this)->at(id); }

void Session::set_model(const ModelSpec& spec, const std::string& digest) {
  const bool another = digest != table_digest_;
  model_ = spec;
  model_digest_ = digest;
  table_digest_ = digest;
  class_names_ = spec.class_names;
  positive_class_ = spec.positive_class;
  threshold_low_ = spec.threshold_low;
  threshold_high_ = spec.threshold_high;
  if (another) {
    std::erase_if(cases_, [](const Case& c) { return !c.has_image; });
    for (Case& c : cases_) {
      c.state = CaseState::waiting;
      c.error.clear();
      c.prediction = {};
      c.cam = {};
      c.tensor_sha256.clear();
      if (!c.label.empty() && !is_class(c.label)) c.label.clear();
      if (c.label.empty() && is_class(c.facts.label)) c.label = c.facts.label;
    }
    undo_.clear();  // what could be undone spoke of the other model's classes and thresholds
    if (!cases_.empty() && selected_ == 0) selected_ = cases_.front().id;
  }
  changed();
}

int Session::add_case(const std::string& name, const std::string& path, std::int64_t bytes, bool sample, const std::string& label) {
  if (!label.empty() && !is_class(label)) throw std::runtime_error("\"" + label + "\" is not a class of the model");
  Case added;
  added.id = next_id_++;
  added.name = name;
  added.path = path;
  added.bytes = bytes;
  added.sample = sample;
  added.facts = parse_case_id(path);
  added.label = !label.empty() ? label : is_class(added.facts.label) ? added.facts.label : "";
  cases_.push_back(std::move(added));
  changed();
  return cases_.back().id;
}

void Session::set_result(int id, const std::vector<float>& logits, const std::string& refusal) {
  Case& c = at(id);
  if (!model_) throw std::logic_error("a result came before a model");
  ModelSpec spec = *model_;
  spec.threshold_low = threshold_low_;
  spec.threshold_high = threshold_high_;
  c.prediction = postprocess(logits, spec);
  if (!refusal.empty() && !c.prediction.logits.empty()) refuse(c.prediction, refusal);
  c.state = CaseState::done;
  c.error.clear();
  changed();
}

void Session::set_failure(int id, const std::string& cause) {
  Case& c = at(id);
  c.state = CaseState::failed;
  c.error = cause;
  c.prediction = {};
  changed();
}

void Session::set_cam(int id, CamMap cam) {
  at(id).cam = std::move(cam);
  ++revision_;
}

void Session::take_out(const std::vector<int>& ids, Change& change) {
  std::vector<Case> kept;
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (std::find(ids.begin(), ids.end(), cases_[i].id) == ids.end()) {
      kept.push_back(std::move(cases_[i]));
    } else {
      change.removed.emplace_back(i, std::move(cases_[i]));
    }
  }
  cases_ = std::move(kept);
}

void Session::open_table(const PredictionTable& table) {
  Change change;
  change.what = "opening a predictions table";
  change.class_names = class_names_;
  change.positive_class = positive_class_;
  change.table_digest = table_digest_;
  change.thresholds = {threshold_low_, threshold_high_};
  std::vector<int> all;
  for (const Case& c : cases_) all.push_back(c.id);
  take_out(all, change);

  class_names_ = table.class_names;
  positive_class_ = table.positive_class;
  table_digest_ = table.model_digest;
  threshold_low_ = table.threshold_low;
  threshold_high_ = table.threshold_high;
  for (const PredictionRow& row : table.rows) {
    Case c;
    c.id = next_id_++;
    const auto slash = row.path.find_last_of('/');
    c.name = slash == std::string::npos ? row.path : row.path.substr(slash + 1);
    c.path = row.path;
    c.has_image = false;
    c.facts = {row.patient, row.slide, row.magnification, row.subtype, row.label};
    c.source = row.source;
    c.label = row.label;
    c.state = CaseState::done;
    c.tensor_sha256 = row.tensor_sha256;
    c.prediction = row.prediction;
    change.added.push_back(c.id);
    cases_.push_back(std::move(c));
  }
  selected_ = 0;
  undo_.push_back(std::move(change));
  changed();
}

void Session::remove_case(int id) {
  Change change;
  change.what = "removal of " + at(id).name;
  const auto shown = list({});
  const auto place = std::find_if(shown.begin(), shown.end(), [id](const Case* c) { return c->id == id; });
  int next = 0;  // the list's neighbour is looked at next
  if (place + 1 != shown.end())
    next = (*(place + 1))->id;
  else if (place != shown.begin())
    next = (*(place - 1))->id;
  take_out({id}, change);
  if (selected_ == id) selected_ = next;
  undo_.push_back(std::move(change));
  if (undo_.size() > kUndoSteps) undo_.erase(undo_.begin());
  changed();
}

void Session::remove_all() {
  if (cases_.empty()) return;
  Change change;
  change.what = "removal of " + std::to_string(cases_.size()) + (cases_.size() == 1 ? " case" : " cases");
  std::vector<int> all;
  for (const Case& c : cases_) all.push_back(c.id);
  take_out(all, change);
  selected_ = 0;
  undo_.push_back(std::move(change));
  changed();
}

void Session::set_label(int id, const std::string& label) {
  if (!label.empty() && !is_class(label)) throw std::runtime_error("\"" + label + "\" is not a class of the model");
  Case& c = at(id);
  if (c.label == label) return;
  Change change;
  change.what = "label of " + c.name;
  change.label = {id, c.label};
  c.label = label;
  undo_.push_back(std::move(change));
  if (undo_.size() > kUndoSteps) undo_.erase(undo_.begin());
  changed();
}

void Session::set_thresholds(double low, double high, bool same_drag) {
  if (!(low >= 0 && low <= high && high <= 1)) throw std::runtime_error("thresholds must be 0 <= low <= high <= 1");
  if (low == threshold_low_ && high == threshold_high_) return;
  if (!same_drag || undo_.empty() || undo_.back().what != "threshold") {
    Change change;
    change.what = "threshold";
    change.thresholds = {threshold_low_, threshold_high_};
    undo_.push_back(std::move(change));
  }
  threshold_low_ = low;
  threshold_high_ = high;
  call_all();
  changed();
}

void Session::call_all() {
  for (Case& c : cases_) {
    if (c.state == CaseState::done) decide(c.prediction, threshold_low_, threshold_high_);
  }
}

std::string Session::undo() {
  if (undo_.empty()) return "";
  Change change = std::move(undo_.back());
  undo_.pop_back();
  std::erase_if(cases_, [&](const Case& c) { return std::find(change.added.begin(), change.added.end(), c.id) != change.added.end(); });
  for (auto& [place, removed] : change.removed) {
    const auto where = static_cast<std::ptrdiff_t>(std::min(place, cases_.size()));
    selected_ = removed.id;
    cases_.insert(cases_.begin() + where, std::move(removed));
  }
  if (change.label) at(change.label->first).label = change.label->second;
  if (!change.class_names.empty()) {
    class_names_ = change.class_names;
    positive_class_ = change.positive_class;
    table_digest_ = change.table_digest;
  }
  if (change.thresholds) {
    threshold_low_ = change.thresholds->first;
    threshold_high_ = change.thresholds->second;
  }
  call_all();  // thresholds may have moved while a case was out
  changed();
  return change.what;
}

void Session::select(int id) {
  if (id != 0) at(id);  // throws when there is no such case
  if (id == selected_) return;
  selected_ = id;
  ++revision_;
}

}  // namespace lobule
