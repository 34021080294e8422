#pragma once

#include <optional>
#include <vector>

#include "lobule/evaluation.h"
#include "lobule/prediction_table.h"
#include "operating_points.h"
#include "run_folder.h"
#include "scope_study.h"

namespace lobule {

/// What cross-validation found of models that were trained with the same options as another one: the predictions that each fold's model made of its own test set.
struct OutOfFold {
  std::vector<PredictionTable> folds;  // uncalibrated
  std::vector<Figure> repeats;         // ROC AUC of the images in each repetition, the one of these folds first
  std::optional<ScopeStudy> scope;     // of these folds' models; nothing: the model gets no scope gate
  ThresholdRule threshold;             // of the model's calls
};

/// The rows of all tables in the order of their paths, without a model's digest. Throws std::runtime_error where they have other classes or thresholds, or two have
/// the same image.
PredictionTable merge_predictions(const std::vector<PredictionTable>& tables);

/// Calls follow. Refusals do not stay.
void divide_logits(PredictionTable& table, double temperature);

/// Temperature fitted to all labelled rows of the folds: that of a model which is to answer for new patients.
Calibration fit_temperature(const std::vector<PredictionTable>& folds);

/// Cross-fitted calibration: each fold's logits divided by the temperature fitted to the rows of the other folds, so that a figure of the result was not fitted to
/// its own patients. Throws std::logic_error for fewer than two folds.
std::vector<PredictionTable> cross_calibrated(const std::vector<PredictionTable>& folds);

}  // namespace lobule
