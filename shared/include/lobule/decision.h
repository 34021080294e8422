#pragma once

#include <span>
#include <vector>

#include "lobule/evaluation.h"
#include "lobule/metrics.h"

namespace lobule {

/// Positive and negative predictive value where so large a share of those who are examined have the positive class. From sensitivity and specificity by Bayes'
/// theorem (Altman & Bland 1994), since a labelled set seldom has the prevalence of the people that the model is to be used for.
struct PredictiveValues {
  EstimatedFigure positive;
  EstimatedFigure negative;
};

struct PrevalenceEvaluation {
  double prevalence = 0;
  PredictiveValues images;
  PredictiveValues patients;
};

/// ppv = s p / (s p + (1 - t) (1 - p)) with sensitivity s, specificity t, prevalence p; nothing when nobody is called positive.
Figure positive_predictive_value_at(double prevalence, const Figure& sensitivity, const Figure& specificity);
/// npv = t (1 - p) / (t (1 - p) + (1 - s) p); nothing when nobody is called negative.
Figure negative_predictive_value_at(double prevalence, const Figure& sensitivity, const Figure& specificity);

/// Of the labelled, decided cases of a table, with intervals from the bootstrap that evaluate() has. Throws std::runtime_error unless 0 < prevalence < 1, and as
/// evaluate() does.
PrevalenceEvaluation evaluate_at_prevalence(const PredictionTable& table, double prevalence, const EvaluationOptions& options = {});

/// {"prevalence":0.3,"images":{"ppv":{"value":..,"low":..,"high":..},"npv":{..}},"patients":{..}}.
std::string to_json(const PrevalenceEvaluation& evaluation);

}  // namespace lobule
