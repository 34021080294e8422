#include "baseline.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace lobule {

Baseline::Baseline(std::string name, PredictionTable table, std::optional<BaselineSight> sight)
    : name_(std::move(name)), table_(std::move(table)), sight_(std::move(sight)) {
  for (std::size_t i = 0; i < table_.rows.size(); ++i) row_of_path_.emplace(table_.rows[i].path, i);
}

const PredictionRow* Baseline::row(const std::string& path) const {
  const auto found = row_of_path_.find(path);
  return found == row_of_path_.end() ? nullptr : &table_.rows[found->second];
}

const CamMap* Baseline::cam(const std::string& path) const {
  if (!sight_) return nullptr;
  const auto found = sight_->cams.find(path);
  return found == sight_->cams.end() ? nullptr : &found->second;
}

bool Baseline::differs(const std::string& path, const Prediction& prediction) const {
  const PredictionRow* other = row(path);
  return other != nullptr && other->prediction.call != Call::no_result && prediction.call != Call::no_result && other->prediction.call != prediction.call;
}

Baseline::CommonRows Baseline::common_rows(const PredictionTable& session) const {
  CommonRows common = {session, table_};
  common.session.rows.clear();
  common.baseline.rows.clear();
  std::set<std::string> seen;
  for (const PredictionRow& own : session.rows) {
    const PredictionRow* other = row(own.path);
    if (other == nullptr || other->in_training || !seen.insert(own.path).second) continue;
    common.session.rows.push_back(own);
    common.baseline.rows.push_back(*other);
    common.baseline.rows.back().label = own.label;
    common.baseline.rows.back().patient = own.patient;
  }
  return common;
}

BaselineComparison Baseline::compare(const PredictionTable& session) const {
  const CommonRows common = common_rows(session);
  if (common.session.rows.empty()) throw std::runtime_error("it has none of these images");
  const NamedTable a = {"this model", common.session};
  const NamedTable b = {name_, common.baseline};
  BaselineComparison result;
  result.comparison = lobule::compare({&a, 1}, {&b, 1});
  const auto both = static_cast<std::int64_t>(common.session.rows.size());
  result.only_in_session = static_cast<std::int64_t>(session.rows.size()) - both;
  result.only_in_baseline = static_cast<std::int64_t>(row_of_path_.size()) - both;
  result.changed =
      std::count_if(common.session.rows.begin(), common.session.rows.end(), [this](const PredictionRow& own) { return differs(own.path, own.prediction); });
  return result;
}

std::vector<RocPoint> Baseline::roc(const PredictionTable& session) const {
  const CommonRows common = common_rows(session);
  const std::string& positive = common.baseline.class_names.at(static_cast<std::size_t>(common.baseline.positive_class));
  std::vector<ScoredCase> scored;
  for (const PredictionRow& row : common.baseline.rows) {
    if (row.label.empty() || row.prediction.logits.empty() || !row.prediction.refusal.empty()) continue;
    scored.push_back({row.prediction.p_positive, row.label == positive});
  }
  return roc_curve(scored);
}

}  // namespace lobule
