#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lobule/scope.h"
#include "model_runner.h"
#include "scope_images.h"
#include "train_options.h"

namespace lobule {

/// Of the training's own images, so many lie beyond the gate's limit.
inline constexpr double kRefusedShare = 0.04;

/// What the gates made of one image that they were not fitted to.
struct ScopeScore {
  double score = 0;
  double score_as_unknown = 0;  // of an image outside: by gates that were fitted to no image of its kind
};

/// Cross-fitted: the model of each fold, and a gate that was fitted to its features of the images of the other folds.
struct ScopeStudy {
  std::shared_ptr<const ScopeKinds> kinds;
  std::vector<std::vector<ScopeScore>> scores;  // of each kind's images
  double limit = 0;                             // that kRefusedShare of the own images' scores exceed
  std::vector<double> limits_as_unknown;        // of each kind: the same for the gates that were not fitted to it; the limit for kinds inside
};

/// Fits a gate by logistic regression of the features that the model has of all images and of augmented views of them: kinds inside against kinds outside, either
/// side the same weight, of which the own data has half or more. Its limit is 0.
ScopeGate fit_scope_gate(const ModelRunner& model, const ScopeKinds& kinds, const TrainOptions& options, int threads);

/// fold_models: model files, the first that of the model which tests on fold 0, and so on. Throws std::runtime_error as ModelRunner does.
ScopeStudy study_scope(const std::vector<std::filesystem::path>& fold_models, torch::Device device, std::shared_ptr<const ScopeKinds> kinds,
                       const TrainOptions& options, int threads);

/// How many images of a kind are refused, out of fold.
struct ScopeCount {
  std::string kind;
  bool is_inside = false;
  std::int64_t images = 0;
  std::int64_t by_quality = 0;          // a limit of quality is not kept
  std::int64_t by_gate = 0;             // its score is beyond the limit
  std::int64_t refused = 0;             // either
  std::int64_t refused_as_unknown = 0;  // either, with a gate that was not fitted to this kind; the same for kinds inside
};
std::vector<ScopeCount> count_refusals(const ScopeStudy& study);

/// {"refused_share": 0.04, "kinds": [{"kind", "inside", "images", "by_quality", "by_gate", "refused", "refused_as_unknown"}, ...]}
std::string to_json(const std::vector<ScopeCount>& counts);

}  // namespace lobule
