#pragma once

#include <vector>

#include "lobule/evaluation.h"
#include "lobule/scope.h"
#include "scope_study.h"

namespace lobule {

/// Below this ROC AUC on new patients a magnification is too weak to answer for.
inline constexpr double kWeakAuc = 0.6;

/// The evaluation's magnifications with an AUC below kWeakAuc and an interval of it.
std::vector<WeakMagnification> weak_magnifications(const Evaluation& evaluation);

/// The scope of a model that was trained on all images: a gate fitted to its own features of all kinds, with the limit that the study found.
ModelScope make_model_scope(const ModelRunner& model, const ScopeStudy& study, const std::vector<WeakMagnification>& weak, const TrainOptions& options,
                            int threads);

/// Refuses out of fold what the scope refuses: the rows of the training's own images, each by the gate that was not fitted to it, by its quality and by its
/// magnification. Throws std::runtime_error naming a row that the study does not know.
void refuse_rows(const ScopeStudy& study, const std::vector<WeakMagnification>& weak, PredictionTable& table);

}  // namespace lobule
