// What the session is compared with, and an evaluation that was opened from its file.
#include <stdexcept>

#include "session.h"

namespace lobule {

void Session::set_baseline(const std::string& name, PredictionTable table) {
  const std::string& positive = table.class_names.at(static_cast<std::size_t>(table.positive_class));
  const std::string& own = class_names_[static_cast<std::size_t>(positive_class_)];
  if (positive != own) throw std::runtime_error("its positive class is " + positive + ", here it is " + own);
  baseline_.emplace(name, std::move(table));
  compared_ = {};
  ++revision_;
}

void Session::clear_baseline() {
  baseline_.reset();
  compared_ = {};
  ++revision_;
}

void Session::keep_as_baseline(const ModelSpec& next) {
  PredictionTable before = table_of(rows(true));
  if (before.rows.empty() || next.class_names != class_names_ || next.positive_class != positive_class_) {
    baseline_.reset();
  } else {
    const bool is_model = model_ && table_digest_ == model_digest_;
    std::optional<BaselineSight> sight;
    if (is_model) {
      sight.emplace(BaselineSight{model_->input, {}});
      for (const Case& c : cases_) {
        if (!c.cam.values.empty()) sight->cams.emplace(c.path, c.cam);
      }
    }
    baseline_.emplace(is_model ? model_->name : "the table", std::move(before), std::move(sight));
  }
  compared_ = {};
}

void Session::compare_models(bool on) {
  compares_models_ = on && can_compare_models();
  if (compares_models_) pinned_ = 0;
  ++revision_;
}

const BaselineComparison* Session::comparison() {
  if (!baseline_) return nullptr;
  const auto now = std::tuple(data_revision_, threshold_low_, threshold_high_);
  if (compared_.at != now) {
    compared_.at = now;
    compared_.result.reset();
    compared_.problem.clear();
    try {
      compared_.result = baseline_->compare(table());
    } catch (const std::runtime_error& error) {
      compared_.problem = error.what();
    }
  }
  return compared_.result ? &*compared_.result : nullptr;
}

const std::vector<RocPoint>& Session::baseline_roc() {
  if (baseline_ && compared_.roc_at != data_revision_) {
    compared_.roc = baseline_->roc(table());
    compared_.roc_at = data_revision_;
  }
  return compared_.roc;
}

void Session::open_evaluation(Evaluation evaluation) {
  opened_evaluation_ = std::move(evaluation);
  ++revision_;
}

void Session::close_evaluation() {
  opened_evaluation_.reset();
  ++revision_;
}

}  // namespace lobule
