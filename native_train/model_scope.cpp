#include "model_scope.h"

#include <map>
#include <stdexcept>

#include "lobule/number_text.h"

namespace lobule {

std::vector<WeakMagnification> weak_magnifications(const Evaluation& evaluation) {
  std::vector<WeakMagnification> weak;
  for (const Subset& subset : evaluation.subsets) {
    const EstimatedFigure& auc = subset.images.auc;
    const std::optional<int> magnification = parse_int(subset.value);
    if (subset.field != "magnification" || !magnification || !auc.value || !auc.interval || *auc.value >= kWeakAuc) continue;
    weak.push_back({*magnification, *auc.value, auc.interval->low, auc.interval->high});
  }
  return weak;
}

ModelScope make_model_scope(const ModelRunner& model, const ScopeStudy& study, const std::vector<WeakMagnification>& weak, const TrainOptions& options,
                            int threads) {
  ModelScope scope;
  scope.gate = fit_scope_gate(model, *study.kinds, options, threads);
  scope.gate.limit = study.limit;
  scope.weak_magnifications = weak;
  scope.study_json = to_json(count_refusals(study));
  return scope;
}

void refuse_rows(const ScopeStudy& study, const std::vector<WeakMagnification>& weak, PredictionTable& table) {
  const ScopeImages& own = study.kinds->front();
  std::map<std::string, std::size_t> image_of_path;
  for (std::size_t i = 0; i < own.fold.size(); ++i) image_of_path.emplace(own.dataset.samples[own.images.images->samples[i]].path, i);
  ModelScope scope;
  scope.gate.limit = study.limit;
  scope.weak_magnifications = weak;
  for (PredictionRow& row : table.rows) {
    if (row.prediction.logits.empty()) continue;
    const auto found = image_of_path.find(row.path);
    if (found == image_of_path.end()) throw std::runtime_error(row.path + ": is predicted out of fold, and the scope gate's data lacks it");
    const std::string reason = refusal_reason(scope, own.quality[found->second], study.scores.front()[found->second].score, row.magnification);
    if (!reason.empty()) refuse(row.prediction, reason);
  }
}

}  // namespace lobule
