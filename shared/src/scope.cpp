#include "lobule/scope.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "lobule/number_text.h"

namespace lobule {
namespace {

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : " ") + sentence;
  return text;
}

std::string weakness_text(const WeakMagnification& weak) {
  return "At " + std::to_string(weak.magnification) + "X this model is hardly better than chance (ROC AUC " + fixed(weak.auc, 2) + ", " +
         fixed(weak.auc_low, 2) + " to " + fixed(weak.auc_high, 2) + "): take an image at another magnification.";
}

}  // namespace

double scope_score(std::span<const float> features, const ScopeGate& gate) {
  if (features.size() != gate.weights.size()) {
    throw std::logic_error("scope_score: " + std::to_string(features.size()) + " features for " + std::to_string(gate.weights.size()) + " weights");
  }
  double score = gate.bias;
  for (std::size_t i = 0; i < features.size(); ++i) score += static_cast<double>(features[i]) * gate.weights[i];
  return score;
}

std::string refusal_reason(const ModelScope& scope, const QualityReport& quality, double score, int magnification) {
  std::vector<std::string> reasons = quality_advice(quality);
  if (!(score <= scope.gate.limit)) {  // true for NaN too
    reasons.emplace_back("Unlike the tissue that this model was made for: use an image of breast tissue, stained with haematoxylin and eosin.");
  }
  const auto weak = std::find_if(scope.weak_magnifications.begin(), scope.weak_magnifications.end(),
                                 [&](const WeakMagnification& candidate) { return candidate.magnification == magnification; });
  if (weak != scope.weak_magnifications.end()) reasons.push_back(weakness_text(*weak));
  return joined(reasons);
}

}  // namespace lobule
