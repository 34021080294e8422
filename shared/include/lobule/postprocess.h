#pragma once

#include <span>
#include <string>
#include <vector>

#include "lobule/model_package.h"

namespace lobule {

enum class Call { negative, positive, no_result };

/// What one image (or one patient) came to.
struct Prediction {
  std::vector<double> logits;         // K values, already divided by the model's temperature; none when the network gave no answer
  std::vector<double> probabilities;  // softmax of logits
  double p_positive = 0;              // probability of the positive class
  Call call = Call::no_result;
  std::string reason;   // why there is no result, and what to do; empty otherwise
  std::string refusal;  // the reason where a gate refused the image, whatever the thresholds; empty: none did
};

/// Temperature, softmax, thresholds. Logits that are not finite give no result with that reason, and are dropped. logits.size() must equal
/// spec.class_names.size() (std::logic_error otherwise).
Prediction postprocess(std::span<const float> logits, const ModelSpec& spec);

/// The same from finite logits that are already divided by the temperature: a patient's mean logits, or a row of predictions.csv.
Prediction prediction_of(std::vector<double> logits, int positive_class, double threshold_low, double threshold_high);

/// The thresholds' part alone: p < low: negative; p >= high: positive; otherwise no result.
Call call_of(double p_positive, double threshold_low, double threshold_high);

/// The class that a decided prediction comes to: by call for two classes, by the largest logit (the first of equal ones) for more; -1 without a result.
int called_class(const Prediction& prediction, int classes, int positive_class);

/// Sets call and reason of a prediction from its p_positive and these thresholds, as when a user moves them. A prediction that was refused or has no logits stays
/// as it is.
void decide(Prediction& prediction, double threshold_low, double threshold_high);

/// No result for that reason, which no threshold changes; probability and logits stay to be seen. Throws std::logic_error for an empty reason.
void refuse(Prediction& prediction, const std::string& reason);

/// What a prediction between the thresholds has for its reason.
std::string between_thresholds(double threshold_low, double threshold_high);

/// The word for a call: the class's own name ("malignant", "benign"; for K > 2 a negative call is "not <positive>") or "no result".
std::string call_name(Call call, const std::vector<std::string>& class_names, int positive_class);

}  // namespace lobule
