#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case_filter.h"
#include "lobule/evaluation.h"
#include "theme.h"

namespace lobule {

/// What the user asked for in this frame.
struct EvaluateRequest {
  std::optional<double> threshold;  // both thresholds to this probability
  bool dragging = false;            // it is still being dragged
  std::optional<CaseFilter> show;   // list these cases: a cell of the matrix, a bar or a point of a curve was clicked
};

/// What is drawn beside the evaluation itself.
struct EvaluatePanelContent {
  bool is_fixed = false;  // it was opened from its file: no threshold to drag, no cases to list
  std::string baseline;   // whose curve is drawn beside, empty: nobody's
  std::vector<RocPoint> baseline_roc;
};

/// Draws an evaluation: ROC with the operating point, confusion matrices of images and patients, the histogram of probabilities with the
/// threshold to drag, the reliability diagram, precision and recall, the decision curve. Every figure comes from the core.
EvaluateRequest draw_evaluate_panel(const Evaluation& evaluation, const EvaluatePanelContent& content, const Theme& theme);

/// Class names in the colours of their call: the positive class is drawn as malignant is, all others as benign is.
ImVec4 class_colour(const Theme& theme, int class_index, int positive_class);

}  // namespace lobule
