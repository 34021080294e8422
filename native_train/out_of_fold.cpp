#include "out_of_fold.h"

#include <torch/torch.h>

#include <algorithm>
#include <stdexcept>

#include "temperature.h"

namespace lobule {
namespace {

Calibration fit_to(const std::vector<const PredictionTable*>& tables) {
  const PredictionTable& first = *tables.front();
  std::vector<float> logits;
  std::vector<std::int64_t> labels;
  for (const PredictionTable* table : tables) {
    for (const PredictionRow& row : table->rows) {
      const auto label = std::find(first.class_names.begin(), first.class_names.end(), row.label);
      if (label == first.class_names.end() || row.prediction.logits.size() != first.class_names.size()) continue;
      labels.push_back(label - first.class_names.begin());
      for (const double logit : row.prediction.logits) logits.push_back(static_cast<float>(logit));
    }
  }
  if (labels.empty()) throw std::runtime_error("the folds have no labelled image with a prediction");
  const auto classes = static_cast<std::int64_t>(first.class_names.size());
  return fit_temperature(torch::tensor(logits).view({-1, classes}), labels, first.positive_class);
}

}  // namespace

PredictionTable merge_predictions(const std::vector<PredictionTable>& tables) {
  if (tables.empty()) throw std::logic_error("merge_predictions: no table");
  PredictionTable merged = tables.front();
  merged.model_digest.clear();
  merged.rows.clear();
  for (const PredictionTable& table : tables) {
    if (table.class_names != merged.class_names || table.positive_class != merged.positive_class) throw std::runtime_error("two models have other classes");
    if (table.threshold_low != merged.threshold_low || table.threshold_high != merged.threshold_high) {
      throw std::runtime_error("two models have other thresholds");
    }
    merged.rows.insert(merged.rows.end(), table.rows.begin(), table.rows.end());
  }
  std::stable_sort(merged.rows.begin(), merged.rows.end(), [](const PredictionRow& a, const PredictionRow& b) { return a.path < b.path; });
  const auto twice =
      std::adjacent_find(merged.rows.begin(), merged.rows.end(), [](const PredictionRow& a, const PredictionRow& b) { return a.path == b.path; });
  if (twice != merged.rows.end()) throw std::runtime_error(twice->path + " is in two folds");
  return merged;
}

Calibration fit_temperature(const std::vector<PredictionTable>& folds) {
  std::vector<const PredictionTable*> all;
  for (const PredictionTable& fold : folds) all.push_back(&fold);
  return fit_to(all);
}

void divide_logits(PredictionTable& table, double temperature) {
  for (PredictionRow& row : table.rows) {
    if (row.prediction.logits.empty()) continue;
    std::vector<double> logits = row.prediction.logits;
    for (double& logit : logits) logit /= temperature;
    row.prediction = prediction_of(std::move(logits), table.positive_class, table.threshold_low, table.threshold_high);
  }
}

std::vector<PredictionTable> cross_calibrated(const std::vector<PredictionTable>& folds) {
  if (folds.size() < 2) throw std::logic_error("cross_calibrated: needs two folds");
  std::vector<PredictionTable> calibrated = folds;
  for (std::size_t fold = 0; fold < folds.size(); ++fold) {
    std::vector<const PredictionTable*> others;
    for (std::size_t other = 0; other < folds.size(); ++other) {
      if (other != fold) others.push_back(&folds[other]);
    }
    const double temperature = fit_to(others).temperature;
    divide_logits(calibrated[fold], temperature);
  }
  return calibrated;
}

}  // namespace lobule
