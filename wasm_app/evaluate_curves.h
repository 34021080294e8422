#pragma once

#include <implot.h>

#include <optional>
#include <string>

#include "evaluate_panel.h"
#include "lobule/evaluation.h"
#include "theme.h"

namespace lobule {

inline constexpr ImPlotFlags kPlotFlags = ImPlotFlags_NoMenus | ImPlotFlags_NoBoxSelect | ImPlotFlags_NoMouseText;

ImPlotSpec line_spec(const ImVec4& ink, float weight);

/// What the pointer is at, as a tooltip; once it was clicked, what lists the images of those probabilities. is_fixed: there are none to list.
std::optional<CaseFilter> tip_or_list(const std::string& tip, double p_low, double p_high, bool is_fixed);

// Curves of the images of an evaluation, with a title above them; shaded: their pointwise 95 % intervals; the operating point of the thresholds is marked where
// the curve has one. Each returns what a click on one of its points asks the list to show: of the reliability diagram the images of that bin, of the others
// those that its threshold calls positive.

std::optional<CaseFilter> draw_roc(const Evaluation& evaluation, const EvaluatePanelContent& content, const Theme& theme, ImVec2 size);
std::optional<CaseFilter> draw_pr(const Evaluation& evaluation, bool is_fixed, const Theme& theme, ImVec2 size);
std::optional<CaseFilter> draw_reliability(const Evaluation& evaluation, bool is_fixed, const Theme& theme, ImVec2 size);
/// Net benefit over the threshold (Vickers & Elkin 2006) beside calling all and none positive.
std::optional<CaseFilter> draw_decision(const Evaluation& evaluation, bool is_fixed, const Theme& theme, ImVec2 size);

}  // namespace lobule
