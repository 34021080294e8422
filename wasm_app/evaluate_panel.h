#pragma once

#include <optional>

#include "case_filter.h"
#include "lobule/evaluation.h"
#include "theme.h"

namespace lobule {

/// What the user asked for in this frame.
struct EvaluateRequest {
  std::optional<double> threshold;  // both thresholds to this probability
  bool dragging = false;            // it is still being dragged
  std::optional<CaseFilter> show;   // list these cases: a cell of the matrix or a bar was clicked
};

/// Draws an evaluation: ROC with the operating point, confusion matrices of images and patients, the histogram of probabilities with the
/// threshold to drag, the reliability diagram, precision and recall, the decision curve. Every figure comes from the core. histogram: counts of labelled images by p(positive), see probability_histogram.
struct ProbabilityHistogram {
  static constexpr int kBins = 20;
  double positive[kBins] = {};
  double negative[kBins] = {};
};
EvaluateRequest draw_evaluate_panel(const Evaluation& evaluation, const ProbabilityHistogram& histogram, const Theme& theme);

/// Counts of labelled rows in equal bins of p(positive), the last one closed.
ProbabilityHistogram probability_histogram(const PredictionTable& table);

/// Class names in the colours of their call: the positive class is drawn as malignant is, all others as benign is.
ImVec4 class_colour(const Theme& theme, int class_index, int positive_class);

}  // namespace lobule
