#include "lobule/postprocess.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "lobule/number_text.h"
#include "lobule/portable_math.h"

namespace lobule {

Prediction postprocess(std::span<const float> logits, const ModelSpec& spec) {
  if (logits.size() != spec.class_names.size()) {
    throw std::logic_error("postprocess: " + std::to_string(logits.size()) + " logits for " + std::to_string(spec.class_names.size()) + " classes");
  }
  std::vector<double> scaled;
  scaled.reserve(logits.size());
  for (const float logit : logits) {
    if (!std::isfinite(logit)) {
      Prediction prediction;
      prediction.reason = "The network's answer is not a finite number. Load the model again, or try another backend or model file.";
      return prediction;
    }
    scaled.push_back(static_cast<double>(logit) / spec.temperature);
  }
  return prediction_of(std::move(scaled), spec.positive_class, spec.threshold_low, spec.threshold_high);
}

Prediction prediction_of(std::vector<double> logits, int positive_class, double threshold_low, double threshold_high) {
  Prediction prediction;
  prediction.probabilities = softmax(logits);
  prediction.logits = std::move(logits);
  prediction.p_positive = prediction.probabilities.at(static_cast<std::size_t>(positive_class));
  decide(prediction, threshold_low, threshold_high);
  return prediction;
}

int called_class(const Prediction& prediction, int classes, int positive_class) {
  if (prediction.call == Call::no_result) return -1;
  if (classes == 2) return prediction.call == Call::positive ? positive_class : 1 - positive_class;
  return static_cast<int>(std::max_element(prediction.logits.begin(), prediction.logits.end()) - prediction.logits.begin());
}

void decide(Prediction& prediction, double threshold_low, double threshold_high) {
  if (prediction.logits.empty()) return;  // the network gave no answer: no threshold makes one
  if (!prediction.refusal.empty()) return;
  prediction.call = call_of(prediction.p_positive, threshold_low, threshold_high);
  prediction.reason.clear();
  if (prediction.call == Call::no_result) prediction.reason = between_thresholds(threshold_low, threshold_high);
}

void refuse(Prediction& prediction, const std::string& reason) {
  if (reason.empty()) throw std::logic_error("refuse: without a reason");
  prediction.call = Call::no_result;
  prediction.reason = prediction.refusal = reason;
}

std::string between_thresholds(double threshold_low, double threshold_high) {
  return "The probability lies between the thresholds " + shortest(threshold_low) + " and " + shortest(threshold_high) + ". Look at other images of the case.";
}

Call call_of(double p_positive, double threshold_low, double threshold_high) {
  if (p_positive >= threshold_high) return Call::positive;
  return p_positive < threshold_low ? Call::negative : Call::no_result;
}

std::string call_name(Call call, const std::vector<std::string>& class_names, int positive_class) {
  if (call == Call::no_result) return "no result";
  const std::string& positive = class_names.at(static_cast<std::size_t>(positive_class));
  if (call == Call::positive) return positive;
  return class_names.size() == 2 ? class_names.at(static_cast<std::size_t>(1 - positive_class)) : "not " + positive;
}

}  // namespace lobule
