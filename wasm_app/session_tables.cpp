// Tables and session files that take the place of all cases, and how their images come back.
#include <algorithm>
#include <map>

#include "session.h"

namespace lobule {
namespace {

std::string name_in(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Case case_of(const PredictionRow& row) {
  Case c;
  c.name = name_in(row.path);
  c.path = row.path;
  c.has_image = false;
  c.facts = {row.patient, row.slide, row.magnification, row.subtype, row.label};
  c.source = row.source;
  c.in_training = row.in_training;
  c.label = row.label;
  c.tensor_sha256 = row.tensor_sha256;
  c.prediction = row.prediction;
  return c;
}

PredictionRow row_of(const Case& c, bool in_training) {
  return {c.path, c.facts.patient, c.facts.slide, c.facts.magnification, c.facts.subtype, c.source, c.label, c.tensor_sha256, c.prediction, in_training};
}

}  // namespace

void Session::replace_all(Replacement replacement) {
  Change change;
  change.what = std::move(replacement.what);
  change.class_names = class_names_;
  change.positive_class = positive_class_;
  change.table_digest = table_digest_;
  change.thresholds = {threshold_low_, threshold_high_};
  std::vector<int> all;
  for (const Case& c : cases_) all.push_back(c.id);
  take_out(all, change);

  class_names_ = std::move(replacement.class_names);
  positive_class_ = replacement.positive_class;
  table_digest_ = std::move(replacement.digest);
  threshold_low_ = replacement.threshold_low;
  threshold_high_ = replacement.threshold_high;
  cases_ = std::move(replacement.cases);
  for (Case& c : cases_) {
    c.id = next_id_++;
    change.added.push_back(c.id);
  }
  selected_ = 0;
  remember(std::move(change));
  changed();
}

void Session::open_table(const PredictionTable& table) {
  Replacement replacement = {
      "opening a predictions table", table.class_names, table.positive_class, table.model_digest, table.threshold_low, table.threshold_high, {}};
  for (const PredictionRow& row : table.rows) {
    replacement.cases.push_back(case_of(row));
    replacement.cases.back().state = CaseState::done;
  }
  replace_all(std::move(replacement));
}

void Session::open_file(const SessionFile& file) {
  Replacement replacement = {"opening a session", file.class_names, file.positive_class, file.model_digest, file.threshold_low, file.threshold_high, {}};
  for (const SessionImage& image : file.images) {
    Case c = case_of(image.row);
    c.state = image.is_done ? CaseState::done : image.error.empty() ? CaseState::waiting : CaseState::failed;
    c.error = image.error;
    c.bytes = image.bytes;
    c.width = image.width;
    c.height = image.height;
    c.pixel_sha256 = image.pixel_sha256;
    c.reading_first = image.reading.first;
    c.reading_after = image.reading.after;
    c.typed_pixel_size = image.pixel_size;
    replacement.cases.push_back(std::move(c));
  }
  replace_all(std::move(replacement));
  for (const Case& c : cases_) {
    if (c.path == file.selected) selected_ = c.id;
    if (c.typed_pixel_size > 0) set_pixel_size(c.id, c.typed_pixel_size);  // for those of the same look, too
  }
}

SessionFile Session::to_file() const {
  SessionFile file;
  if (model_ && table_digest_ == model_digest_) file.model_name = model_->name;
  file.model_digest = table_digest_;
  file.class_names = class_names_;
  file.positive_class = positive_class_;
  file.threshold_low = threshold_low_;
  file.threshold_high = threshold_high_;
  std::map<std::string, int> seen;
  for (const Case& c : cases_) {
    if (++seen[c.path] > 1) continue;  // the same path was added twice: what is verified has one file to look at
    file.images.push_back({row_of(c, in_training(c)),
                           c.state == CaseState::done,
                           c.error,
                           c.bytes,
                           c.width,
                           c.height,
                           c.pixel_sha256,
                           {c.reading_first, c.reading_after},
                           c.typed_pixel_size});
    if (c.id == selected_) file.selected = c.path;
  }
  return file;
}

int Session::attach_image(const std::string& path, std::int64_t bytes) {
  const auto fits = [&](const Case& c) { return !c.has_image && (c.bytes == 0 || c.bytes == bytes); };
  auto found = std::find_if(cases_.begin(), cases_.end(), [&](const Case& c) { return fits(c) && c.path == path; });
  if (found == cases_.end()) {
    const auto has_name = [&](const Case& c) { return fits(c) && c.name == name_in(path); };
    if (std::count_if(cases_.begin(), cases_.end(), has_name) != 1) return 0;
    found = std::find_if(cases_.begin(), cases_.end(), has_name);
  }
  found->has_image = true;
  found->bytes = bytes;
  if (model_ && table_digest_ == model_digest_) {
    found->state = CaseState::waiting;
    found->prediction = {};
    found->error.clear();
  }
  changed();
  return found->id;
}

void Session::close_other_models_rows() {
  if (!model_ || table_digest_ == model_digest_) return;
  Replacement own = {
      "closing the rows of another model", model_->class_names, model_->positive_class, model_digest_, model_->threshold_low, model_->threshold_high, {}};
  replace_all(std::move(own));
}

}  // namespace lobule
