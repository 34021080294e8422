#include "scope_study.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>

#include "linear_probe.h"
#include "lobule/quality.h"

namespace lobule {
namespace {

constexpr double kPenalty = 0.3;
constexpr int kBatchSize = 64;
constexpr double kFurtherWeight = 0.5;  // of all further data sets inside together, relative to the own one

/// Views of each image besides itself: many of the few that lie outside.
int views_of(const ScopeImages& kind, const TrainOptions& options) {
  if (!options.augment) return 0;
  return kind.is_inside ? 2 : 6;
}

/// Of each kind, of each view: [images, C] float64.
using KindFeatures = std::vector<std::vector<torch::Tensor>>;

torch::Tensor features_of(const ModelRunner& model, const LabelledImages& images, const TrainOptions& options, int view, int threads) {
  std::optional<EpochAugmentation> augmentation;
  if (view > 0) augmentation = EpochAugmentation{options.augmentation, options.appearance, std::nullopt, options.seed, view};
  std::vector<float> all;
  BatchStream batches(images, ordered_batches(images.labels.size(), kBatchSize), 0, augmentation, threads);
  while (const std::optional<Batch> batch = batches.next()) {
    const torch::Tensor nchw = batch->images.contiguous();
    const auto count = static_cast<std::size_t>(nchw.size(0));
    const std::vector<float> features = model.run({nchw.const_data_ptr<float>(), static_cast<std::size_t>(nchw.numel())}, count).features;
    all.insert(all.end(), features.begin(), features.end());
  }
  return torch::tensor(all).view({static_cast<std::int64_t>(images.labels.size()), -1}).to(torch::kFloat64);
}

KindFeatures features_of_kinds(const ModelRunner& model, const ScopeKinds& kinds, const TrainOptions& options, int threads) {
  KindFeatures features;
  for (const ScopeImages& kind : kinds) {
    features.emplace_back();
    for (int view = 0; view <= views_of(kind, options); ++view) features.back().push_back(features_of(model, kind.images, options, view, threads));
  }
  return features;
}

torch::Tensor rows_where(const std::vector<int>& fold, int chosen, bool equal) {
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < fold.size(); ++i) {
    if ((fold[i] == chosen) == equal) rows.push_back(static_cast<std::int64_t>(i));
  }
  return torch::tensor(rows, torch::kInt64);
}

/// Without the images of one fold, and those of one kind; -1: of none.
ScopeGate fit_gate(const ScopeKinds& kinds, const KindFeatures& features, int without_fold, int without_kind) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> rows;
  std::vector<std::int64_t> labels;
  std::vector<int> groups;  // 0: own, 1: further inside, 2: outside
  double counts[3] = {};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    if (static_cast<int>(k) == without_kind) continue;
    const int group = !kinds[k].is_inside ? 2 : k == 0 ? 0 : 1;
    const torch::Tensor chosen = rows_where(kinds[k].fold, without_fold, false);
    for (const torch::Tensor& view : features[k]) {
      rows.push_back(view.index_select(0, chosen));
      const auto count = static_cast<std::size_t>(chosen.size(0));
      labels.insert(labels.end(), count, group == 2 ? 1 : 0);
      groups.insert(groups.end(), count, group);
      counts[group] += static_cast<double>(count);
    }
  }
  const double inside = counts[1] > 0 ? 1 + kFurtherWeight : 1;
  const double shares[3] = {1 / inside, kFurtherWeight / inside, 1};
  std::vector<double> weights;
  for (const int group : groups) weights.push_back(shares[group] / counts[group]);
  LinearClassifier fitted;
  {
    const torch::AutoGradMode with_grad(true);
    fitted = fit_logistic_regression(torch::cat(rows), torch::tensor(labels, torch::kInt64), torch::tensor(weights, torch::kFloat64), 2, kPenalty);
  }
  const torch::Tensor weight = (fitted.weight[1] - fitted.weight[0]).contiguous();
  const auto* values = weight.const_data_ptr<double>();
  return {{values, values + weight.numel()}, (fitted.bias[1] - fitted.bias[0]).item<double>(), 0};
}

/// Scores of the images of one fold, kept by `keep(image, score)`.
template <typename Keep>
void score_fold(const ScopeGate& gate, const ScopeImages& kind, const torch::Tensor& features, int fold, const Keep& keep) {
  const torch::Tensor floats = features.to(torch::kFloat32).contiguous();
  const auto width = static_cast<std::size_t>(floats.size(1));
  for (std::size_t i = 0; i < kind.fold.size(); ++i) {
    if (kind.fold[i] != fold) continue;
    keep(i, scope_score({floats.const_data_ptr<float>() + i * width, width}, gate));
  }
}

/// The value that a share of the scores exceeds.
double upper_quantile(std::vector<double> scores, double share) {
  std::sort(scores.begin(), scores.end());
  const auto allowed = static_cast<std::size_t>(share * static_cast<double>(scores.size()));
  return scores.at(scores.size() - 1 - allowed);
}

bool fails_quality(const QualityReport& report) { return !quality_advice(report).empty(); }

}  // namespace

ScopeGate fit_scope_gate(const ModelRunner& model, const ScopeKinds& kinds, const TrainOptions& options, int threads) {
  return fit_gate(kinds, features_of_kinds(model, kinds, options, threads), -1, -1);
}

ScopeStudy study_scope(const std::vector<std::filesystem::path>& fold_models, torch::Device device, std::shared_ptr<const ScopeKinds> kinds,
                       const TrainOptions& options, int threads) {
  ScopeStudy study;
  study.kinds = kinds;
  const ScopeKinds& all = *kinds;
  for (const ScopeImages& kind : all) study.scores.emplace_back(kind.fold.size());
  std::vector<std::vector<double>> own_without(all.size(), std::vector<double>(all.front().fold.size()));
  for (int fold = 0; fold < static_cast<int>(fold_models.size()); ++fold) {
    std::cerr << "scope gate of fold " << fold << std::endl;
    const ModelRunner model(fold_models[static_cast<std::size_t>(fold)], device);
    const KindFeatures features = features_of_kinds(model, all, options, threads);
    const ScopeGate gate = fit_gate(all, features, fold, -1);
    for (std::size_t k = 0; k < all.size(); ++k) {
      score_fold(gate, all[k], features[k].front(), fold, [&](std::size_t i, double score) { study.scores[k][i] = {score, score}; });
      if (all[k].is_inside) continue;
      const ScopeGate unknowing = fit_gate(all, features, fold, static_cast<int>(k));
      score_fold(unknowing, all[k], features[k].front(), fold, [&](std::size_t i, double score) { study.scores[k][i].score_as_unknown = score; });
      score_fold(unknowing, all.front(), features.front().front(), fold, [&](std::size_t i, double score) { own_without[k][i] = score; });
    }
  }
  std::vector<double> own;
  for (const ScopeScore& score : study.scores.front()) own.push_back(score.score);
  study.limit = upper_quantile(own, kRefusedShare);
  for (std::size_t k = 0; k < all.size(); ++k) {
    study.limits_as_unknown.push_back(all[k].is_inside ? study.limit : upper_quantile(own_without[k], kRefusedShare));
  }
  return study;
}

std::vector<ScopeCount> count_refusals(const ScopeStudy& study) {
  std::vector<ScopeCount> counts;
  for (std::size_t k = 0; k < study.kinds->size(); ++k) {
    const ScopeImages& kind = (*study.kinds)[k];
    ScopeCount count;
    count.kind = kind.kind;
    count.is_inside = kind.is_inside;
    count.images = static_cast<std::int64_t>(kind.fold.size());
    for (std::size_t i = 0; i < kind.fold.size(); ++i) {
      const bool by_quality = fails_quality(kind.quality[i]);
      const bool by_gate = study.scores[k][i].score > study.limit;
      count.by_quality += by_quality ? 1 : 0;
      count.by_gate += by_gate ? 1 : 0;
      count.refused += by_quality || by_gate ? 1 : 0;
      count.refused_as_unknown += by_quality || study.scores[k][i].score_as_unknown > study.limits_as_unknown[k] ? 1 : 0;
    }
    counts.push_back(count);
  }
  return counts;
}

std::string to_json(const std::vector<ScopeCount>& counts) {
  nlohmann::ordered_json kinds = nlohmann::ordered_json::array();
  for (const ScopeCount& count : counts) {
    kinds.push_back({{"kind", count.kind},
                     {"inside", count.is_inside},
                     {"images", count.images},
                     {"by_quality", count.by_quality},
                     {"by_gate", count.by_gate},
                     {"refused", count.refused},
                     {"refused_as_unknown", count.refused_as_unknown}});
  }
  return nlohmann::ordered_json({{"refused_share", kRefusedShare}, {"kinds", kinds}}).dump();
}

}  // namespace lobule
