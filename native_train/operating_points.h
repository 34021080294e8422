#pragma once

#include <string>
#include <vector>

#include "lobule/evaluation.h"
#include "lobule/prediction_table.h"

namespace lobule {

/// How the threshold on the positive class's probability is chosen: "half" (0.5), "youden" (largest sensitivity + specificity) or "sensitivity" (the highest that
/// reaches a sensitivity).
struct ThresholdRule {
  std::string name = "half";
  double sensitivity = 0.95;  // of "sensitivity"
};

/// For people: "0.5", "Youden", "sensitivity 0.95".
std::string rule_text(const ThresholdRule& rule);

/// Of the labelled images with a probability. Throws std::runtime_error where one class has none of them, std::logic_error for an unknown rule.
double choose_threshold(const PredictionTable& table, const ThresholdRule& rule);

/// The same predictions called by another threshold.
void set_threshold(PredictionTable& table, double threshold);

/// A rule's threshold cross-fitted: each fold's images are called by the threshold that the other folds' images chose, so that no figure is of the patients to whom
/// the threshold was fitted.
struct OperatingPoint {
  ThresholdRule rule;
  double threshold = 0.5;    // chosen by all folds: that of a model for new patients
  LevelEvaluation images;    // figures of calls; those of probabilities are those of logits shifted by each fold's threshold
  LevelEvaluation patients;  // called by their images' mean logits and the images' threshold
};

/// folds: uncalibrated predictions of two classes by each fold's model, of its own test set; each fold's logits are divided by the temperature that fits the other
/// folds, too. Throws std::logic_error for fewer than two folds or more than two classes.
OperatingPoint cross_fitted(const std::vector<PredictionTable>& folds, const ThresholdRule& rule);

/// A way from a patient's images to one probability.
struct PatientAggregation {
  std::string name;
  LevelEvaluation patients;
};

/// "mean of logits" (what lobule does), "mean of probabilities", "share of images called positive", "highest probability" and "median of logits", of the same
/// patients and two classes, each called positive from a half on. Intervals from a bootstrap over patients.
std::vector<PatientAggregation> compare_aggregations(const PredictionTable& table);

}  // namespace lobule
