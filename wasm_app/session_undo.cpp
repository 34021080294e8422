// Undo and redo: every action leaves the change that takes it back, and bringing that about leaves the one that does it again.
#include <algorithm>

#include "session.h"

namespace lobule {
namespace {

/// Enough for an afternoon's labelling; bounds what removed cases hold.
constexpr std::size_t kUndoSteps = 500;

}  // namespace

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

void Session::remember(Change change) {
  undo_.push_back(std::move(change));
  if (undo_.size() > kUndoSteps) undo_.erase(undo_.begin());
  redo_.clear();
}

Session::Change Session::apply(Change change) {
  Change inverse;
  inverse.what = change.what;
  take_out(change.added, inverse);
  for (auto& [place, removed] : change.removed) {
    const auto where = static_cast<std::ptrdiff_t>(std::min(place, cases_.size()));
    selected_ = removed.id;
    inverse.added.push_back(removed.id);
    cases_.insert(cases_.begin() + where, std::move(removed));
  }
  for (auto& [id, marks] : change.marks) {
    inverse.marks.emplace_back(id, marks_of(at(id)));
    set_marks(at(id), std::move(marks));
  }
  if (!change.class_names.empty()) {
    inverse.class_names = class_names_;
    inverse.positive_class = positive_class_;
    inverse.table_digest = table_digest_;
    class_names_ = change.class_names;
    positive_class_ = change.positive_class;
    table_digest_ = change.table_digest;
  }
  if (change.thresholds) {
    inverse.thresholds = {threshold_low_, threshold_high_};
    threshold_low_ = change.thresholds->first;
    threshold_high_ = change.thresholds->second;
  }
  const bool has_selected = std::any_of(cases_.begin(), cases_.end(), [this](const Case& c) { return c.id == selected_; });
  if (selected_ != 0 && !has_selected) selected_ = cases_.empty() ? 0 : list({}).front()->id;
  call_all();  // thresholds may have moved while a case was out
  changed();
  return inverse;
}

std::string Session::undo() {
  if (undo_.empty()) return "";
  Change change = std::move(undo_.back());
  undo_.pop_back();
  redo_.push_back(apply(std::move(change)));
  return redo_.back().what;
}

std::string Session::redo() {
  if (redo_.empty()) return "";
  Change change = std::move(redo_.back());
  redo_.pop_back();
  undo_.push_back(apply(std::move(change)));
  return undo_.back().what;
}

}  // namespace lobule
