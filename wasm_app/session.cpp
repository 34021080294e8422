#include "session.h"

#include <algorithm>
#include <stdexcept>

namespace lobule {
void Session::changed() {
  ++revision_;
  ++data_revision_;
  evaluation_is_current_ = evaluator_is_current_ = false;
  if (std::none_of(cases_.begin(), cases_.end(), [this](const Case& c) { return c.id == pinned_; })) pinned_ = 0;
}

bool Session::is_class(const std::string& label) const { return std::find(class_names_.begin(), class_names_.end(), label) != class_names_.end(); }

Case& Session::at(int id) {
  const auto found = std::find_if(cases_.begin(), cases_.end(), [id](const Case& c) { return c.id == id; });
  if (found == cases_.end()) throw std::runtime_error("there is no case " + std::to_string(id));
  return *found;
}

const Case& Session::at(int id) const { return const_cast<Session*>(this)->at(id); }

void Session::set_model(const ModelSpec& spec, const std::string& digest, const std::vector<std::string>& training_patients) {
  const bool another = digest != table_digest_;
  if (another) keep_as_baseline(spec);
  model_ = spec;
  model_digest_ = digest;
  table_digest_ = digest;
  training_patients_ = {training_patients.begin(), training_patients.end()};
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
      if (!is_class(c.reading_first)) c.reading_first.clear();
      c.reading_after.clear();  // it was of the other model's call
      c.in_training = false;    // so a table said of the other model
    }
    undo_.clear();  // what could be undone spoke of the other model's classes and thresholds
    redo_.clear();
    if (!cases_.empty() && selected_ == 0) selected_ = cases_.front().id;
  }
  changed();
}

int Session::add_case(const std::string& name, const std::string& path, std::int64_t bytes, bool sample, const std::string& label) {
  close_other_models_rows();
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

int Session::retry_failed() {
  int count = 0;
  for (Case& c : cases_) {
    if (c.state != CaseState::failed || !c.has_image) continue;
    c.state = CaseState::waiting;
    c.error.clear();
    ++count;
  }
  if (count > 0) changed();
  return count;
}

void Session::set_cam(int id, CamMap cam) {
  at(id).cam = std::move(cam);
  ++revision_;
}

void Session::remove_cases(const std::vector<int>& ids) {
  if (ids.empty()) return;
  for (const int id : ids) at(id);  // throws when there is no such case
  Change change;
  change.what = "removal of " + (ids.size() == 1 ? shown_name(at(ids.front())) : std::to_string(ids.size()) + " cases");
  const auto is_removed = [&ids](const Case* c) { return std::find(ids.begin(), ids.end(), c->id) != ids.end(); };
  const auto shown = list({});
  const auto place = std::find_if(shown.begin(), shown.end(), [this](const Case* c) { return c->id == selected_; });
  if (place != shown.end() && is_removed(*place)) {  // the list's neighbour is looked at next
    const auto next = std::find_if_not(place, shown.end(), is_removed);
    const auto before = std::find_if_not(std::make_reverse_iterator(place), shown.rend(), is_removed);
    selected_ = next != shown.end() ? (*next)->id : before != shown.rend() ? (*before)->id : 0;
  }
  take_out(ids, change);
  remember(std::move(change));
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
  remember(std::move(change));
  changed();
}

void Session::set_label(const std::vector<int>& ids, const std::string& label) {
  if (!label.empty() && !is_class(label)) throw std::runtime_error("\"" + label + "\" is not a class of the model");
  Change change;
  for (const int id : ids) {
    Case& c = at(id);
    Marks marks = marked(c, label);
    if (marks == marks_of(c)) continue;
    change.marks.emplace_back(id, marks_of(c));
    set_marks(c, std::move(marks));
  }
  if (change.marks.empty()) return;
  const std::size_t count = change.marks.size();
  change.what =
      std::string(reads_first_ ? "reading" : "label") + " of " + (count == 1 ? shown_name(at(change.marks.front().first)) : std::to_string(count) + " cases");
  remember(std::move(change));
  changed();
}

void Session::set_thresholds(double low, double high, bool same_drag) {
  if (!(low >= 0 && low <= high && high <= 1)) throw std::runtime_error("thresholds must be 0 <= low <= high <= 1");
  if (low == threshold_low_ && high == threshold_high_) return;
  if (!same_drag || undo_.empty() || undo_.back().what != "threshold") {
    Change change;
    change.what = "threshold";
    change.thresholds = {threshold_low_, threshold_high_};
    remember(std::move(change));
  }
  redo_.clear();
  threshold_low_ = low;
  threshold_high_ = high;
  call_all();
  ++revision_;
  evaluation_is_current_ = false;
}

void Session::call_all() {
  for (Case& c : cases_) {
    if (c.state == CaseState::done) decide(c.prediction, threshold_low_, threshold_high_);
  }
}

void Session::select(int id) {
  if (id != 0) at(id);  // throws when there is no such case
  if (id == selected_) return;
  selected_ = id;
  ++revision_;
}

void Session::pin(int id) {
  if (id != 0) at(id);
  pinned_ = id;
  compares_models_ = false;
  ++revision_;
}

void Session::set_pixel_size(int id, double micrometres) {
  if (!(micrometres >= 0 && micrometres <= kLargestPixelSize)) throw std::runtime_error("micrometres per pixel must lie between 0 and 1000");
  Case& c = at(id);
  c.typed_pixel_size = micrometres;
  const std::tuple<int, int, int> look = {c.width, c.height, c.facts.magnification};
  if (micrometres > 0)
    pixel_sizes_[look] = micrometres;
  else
    pixel_sizes_.erase(look);
  ++revision_;
}

}  // namespace lobule
