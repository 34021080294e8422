#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lobule/quality.h"

namespace lobule {

/// A linear classifier of the network's features that tells images like those it was made for from others. Of the ways to know what is far from the training
/// data (Mahalanobis distance: Lee et al. 2018; nearest neighbours: Sun et al. 2022), this one alone tells breast from other organs in the same stain; docs/scope.md
/// has the figures.
struct ScopeGate {
  std::vector<double> weights;  // C values, one for each feature
  double bias = 0;
  double limit = 0;  // scores above it are out of scope
};

/// Features times weights, plus bias: higher is further out. Throws std::logic_error when features.size() is not weights.size().
double scope_score(std::span<const float> features, const ScopeGate& gate);

/// A magnification at which the model is hardly better than chance on patients whom it never saw.
struct WeakMagnification {
  int magnification = 0;
  double auc = 0;  // ROC AUC of the images there, with its 95 % interval over patients
  double auc_low = 0;
  double auc_high = 1;
};

/// When a model gives no result, whatever its thresholds.
struct ModelScope {
  ScopeGate gate;
  std::vector<WeakMagnification> weak_magnifications;
  std::string study_json = "{}";  // what was measured of the gate, for people; a JSON object that the core passes on
};

/// Why the model must not answer for an image, as sentences for the user; empty where it may. Any limit of quality that is not kept, a score beyond the gate's
/// limit, and a weak magnification each forbid it. score: scope_score of the image's features. magnification: 0 where it is unknown.
std::string refusal_reason(const ModelScope& scope, const QualityReport& quality, double score, int magnification);

/// The JSON that a model file holds, and a run folder.
std::string to_json(const ModelScope& scope);
/// Throws std::runtime_error with the cause for numbers that are not finite or out of bounds. How many weights there must be, the model's graph says.
ModelScope parse_model_scope(const std::string& json);

}  // namespace lobule
