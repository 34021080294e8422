#pragma once

#include <string>

#include "lobule/evaluation.h"
#include "svg_frame.h"

namespace lobule {

/// A chart in a square; or why there is none.
struct SvgPlot {
  std::string caption;  // what it shows, with its figure
  PlotAxis x;
  PlotAxis y;
  std::string content;
  std::string missing;  // why there is nothing to draw; empty otherwise
};

// Curves are shaded by their intervals and marked with the operating point of the calls, where there are any.

SvgPlot roc_plot(const LevelEvaluation& level, const std::string& positive_name);
SvgPlot precision_recall_plot(const LevelEvaluation& level, const std::string& positive_name);
/// Share of positives against mean probability a bin, the area of a dot as the number of its cases.
SvgPlot reliability_plot(const LevelEvaluation& level, const std::string& positive_name);
/// Positive and other cases by probability, in the bins of the reliability diagram.
SvgPlot histogram_plot(const Evaluation& evaluation, const LevelEvaluation& level);
SvgPlot decision_plot(const Evaluation& evaluation, const LevelEvaluation& level);
SvgPlot confusion_plot(const Evaluation& evaluation, const LevelEvaluation& level);

/// The inside of an <svg> of kPlotWidth and kPlotHeight.
std::string plot_inside(const SvgPlot& plot);

/// A <figure> coloured by the report's style sheet, or a sentence that says why there is none.
std::string plot_figure(const SvgPlot& plot);

}  // namespace lobule
