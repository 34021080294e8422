#include "epoch_figures.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "lobule/metrics.h"
#include "lobule/portable_math.h"

namespace lobule {
namespace {

/// -log softmax(logits)[label], by log-sum-exp so that nothing under- or overflows.
double cross_entropy(std::span<const double> logits, std::size_t label) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const double logit : logits) sum += portable_exp(logit - largest);
  return largest + portable_log(sum) - logits[label];
}

int predicted_class(std::span<const double> logits, double p_positive, int positive_class) {
  if (logits.size() == 2) return p_positive >= 0.5 ? positive_class : 1 - positive_class;
  return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace

SetFigures set_figures(const torch::Tensor& logits, std::span<const std::int64_t> labels, std::span<const double> class_weights, int positive_class) {
  const std::int64_t count = logits.size(0);
  const std::int64_t classes = logits.size(1);
  if (count == 0 || count != static_cast<std::int64_t>(labels.size())) throw std::logic_error("set_figures: a label for each row of logits");
  const auto values = logits.accessor<float, 2>();
  ConfusionMatrix confusion(static_cast<int>(classes));
  std::vector<ScoredCase> cases;
  double loss = 0;
  double weights = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    std::vector<double> row(static_cast<std::size_t>(classes));
    for (std::int64_t k = 0; k < classes; ++k) row[static_cast<std::size_t>(k)] = values[i][k];
    const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(i)]);
    const double p_positive = softmax(row)[static_cast<std::size_t>(positive_class)];
    const double weight = class_weights.empty() ? 1.0 : class_weights[label];
    loss += weight * cross_entropy(row, label);
    weights += weight;
    confusion.add(static_cast<int>(label), predicted_class(row, p_positive, positive_class));
    cases.push_back({p_positive, static_cast<int>(label) == positive_class});
  }
  const BinaryCounts counts = confusion.binary(positive_class);
  SetFigures figures;
  figures.loss = loss / weights;
  figures.accuracy = confusion.accuracy();
  figures.precision = precision(counts);
  figures.recall = recall(counts);
  figures.f1 = f1_score(counts);
  figures.auc = roc_auc(cases);
  return figures;
}

}  // namespace lobule
