#pragma once

#include <string>

#include "lobule/evaluation.h"

namespace lobule {

/// "0.942 (0.901 to 0.970)": a figure with its interval, or "undefined".
std::string figure_text(const EstimatedFigure& figure);

/// How many cases have no result, and why: "12 without a result: 10 refused, 2 undecided".
std::string no_result_text(const LevelEvaluation& level);

/// "+0.056 (-0.001 to +0.113)": the same for a difference of two figures.
std::string difference_text(const EstimatedFigure& difference);

/// As scikit-learn's classification_report(digits=4) prints it (decided images; undefined figures print 0.0000 as there, and are named below the table),
/// for images and for patients, with the confusion matrix and the research-use line.
std::string classification_report(const Evaluation& evaluation);

/// Self-contained HTML: figures with intervals, confusion matrices, ROC and reliability as inline SVG, patients, subsets. No script, no external resource.
std::string html_report(const Evaluation& evaluation, const std::string& title);

}  // namespace lobule
