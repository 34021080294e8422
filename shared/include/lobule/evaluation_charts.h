#pragma once

#include <array>
#include <string>
#include <string_view>

#include "lobule/evaluation.h"

namespace lobule {

/// The charts of an evaluation's images, by the names that their files have.
inline constexpr std::array<std::string_view, 6> kChartNames = {"roc", "precision_recall", "reliability", "histogram", "decision_curve", "confusion_matrix"};

/// An SVG file that stands alone: no script, nothing from elsewhere, light as a page of paper; the same bytes on every machine. Without what it needs, such as
/// cases of both classes, the file says so. Throws std::logic_error for another name.
std::string chart_svg(const Evaluation& evaluation, std::string_view chart);

/// The numbers that are drawn, a point a line; where a chart has a band of intervals, its places follow as lines of their own. Throws as chart_svg does.
std::string chart_csv(const Evaluation& evaluation, std::string_view chart);

}  // namespace lobule
