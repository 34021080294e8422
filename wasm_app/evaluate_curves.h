#pragma once

#include <implot.h>

#include "evaluate_panel.h"
#include "lobule/evaluation.h"
#include "theme.h"

namespace lobule {

inline constexpr ImPlotFlags kPlotFlags = ImPlotFlags_NoMenus | ImPlotFlags_NoBoxSelect | ImPlotFlags_NoMouseText;

ImPlotSpec line_spec(const ImVec4& ink, float weight);

// Curves of the images of an evaluation, with a title above them; shaded: their pointwise 95 % intervals; the operating point of the thresholds is marked where
// the curve has one.

void draw_roc(const Evaluation& evaluation, const EvaluatePanelContent& content, const Theme& theme, ImVec2 size);
void draw_pr(const Evaluation& evaluation, const Theme& theme, ImVec2 size);
void draw_reliability(const Evaluation& evaluation, const Theme& theme, ImVec2 size);
/// Net benefit over the threshold (Vickers & Elkin 2006) beside calling all and none positive.
void draw_decision(const Evaluation& evaluation, const Theme& theme, ImVec2 size);

}  // namespace lobule
