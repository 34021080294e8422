#pragma once

#include <string>

#include "lobule/evaluation.h"

namespace lobule {

/// ROC curve with the operating point of the calls, as an <svg> element coloured by the report's style sheet. Without a curve, a sentence that says why.
std::string roc_svg(const LevelEvaluation& level, const std::string& positive_name);

/// Reliability diagram: share of positives against mean probability a bin, the area of a dot as the number of its cases.
std::string reliability_svg(const LevelEvaluation& level, const std::string& positive_name);

}  // namespace lobule
