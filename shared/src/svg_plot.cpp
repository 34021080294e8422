#include "svg_plot.h"

#include <algorithm>
#include <cmath>

#include "html_parts.h"
#include "lobule/number_text.h"

namespace lobule {
namespace {

constexpr double kNamesLeft = 42;  // CSS pixels: where upright names of classes stand

PlotAxis unit_axis(const std::string& title) { return {title, round_scale(0, 1).ticks}; }

/// A file may lack what its curve would give.
std::string figure_number(const EstimatedFigure& figure) { return figure.value ? fixed(*figure.value, 3) : "undefined"; }

std::string point(double x, double y) { return plot_x(x) + ',' + plot_y(y) + ' '; }

std::string polyline(const std::string& css_class, const std::string& points) { return "<polyline class=\"" + css_class + "\" points=\"" + points + "\"/>"; }

std::string ring(double x, double y) { return "<circle class=\"operating\" r=\"5\" cx=\"" + plot_x(x) + "\" cy=\"" + plot_y(y) + "\"/>"; }

std::string rectangle(const std::string& css_class, double left, double bottom, double right, double top, const std::string& attributes = "") {
  return "<rect class=\"" + css_class + "\" x=\"" + plot_x(left) + "\" y=\"" + plot_y(top) + "\" width=\"" + plot_number((right - left) * kPlotSide) +
         "\" height=\"" + plot_number((top - bottom) * kPlotSide) + "\"" + attributes + "/>";
}

/// A shaded area for each stretch of places that have an interval. y: the scale of the upright axis.
std::string band_svg(const CurveBand& band, const AxisScale& y) {
  const auto place = [&](double value) { return std::clamp(y.at(value), 0.0, 1.0); };
  std::string svg;
  std::string upper;
  std::string lower;
  const auto close = [&] {
    if (!upper.empty()) svg += "<polygon class=\"band\" points=\"" + upper + lower + "\"/>";
    upper.clear();
    lower.clear();
  };
  for (std::size_t i = 0; i < band.at.size(); ++i) {
    if (!band.intervals[i]) {
      close();
      continue;
    }
    upper += point(band.at[i], place(band.intervals[i]->high));
    lower.insert(0, point(band.at[i], place(band.intervals[i]->low)));
  }
  close();
  return svg;
}

/// Only the corners: a point between two neighbours on one straight level or upright line draws nothing.
bool is_corner(const std::vector<RocPoint>& curve, std::size_t i) {
  if (i == 0 || i + 1 == curve.size()) return true;
  const RocPoint& before = curve[i - 1];
  const RocPoint& after = curve[i + 1];
  return before.false_positive_rate != after.false_positive_rate && before.true_positive_rate != after.true_positive_rate;
}

const std::string& positive_name_of(const Evaluation& evaluation) { return evaluation.class_names.at(static_cast<std::size_t>(evaluation.positive_class)); }

}  // namespace

SvgPlot roc_plot(const LevelEvaluation& level, const std::string& positive_name) {
  SvgPlot plot = {"", unit_axis("1 - specificity"), unit_axis("sensitivity"), "", ""};
  if (level.roc.empty()) {
    plot.missing = "No ROC curve: it needs a case of " + positive_name + " and another, each with a probability.";
    return plot;
  }
  std::string points;
  for (std::size_t i = 0; i < level.roc.size(); ++i) {
    if (is_corner(level.roc, i)) points += point(level.roc[i].false_positive_rate, level.roc[i].true_positive_rate);
  }
  plot.content = plot_line("diagonal", 0, 0, 1, 1) + band_svg(level.roc_band, round_scale(0, 1)) + polyline("curve", points);
  plot.caption = "ROC curve, AUC " + figure_number(level.auc) + ".";
  if (level.specificity.value && level.recall.value) {
    plot.content += ring(1 - *level.specificity.value, *level.recall.value);
    plot.caption +=
        " The ring is the operating point: sensitivity " + fixed(*level.recall.value, 3) + ", specificity " + fixed(*level.specificity.value, 3) + ".";
  }
  return plot;
}

SvgPlot precision_recall_plot(const LevelEvaluation& level, const std::string& positive_name) {
  SvgPlot plot = {"", unit_axis("recall"), unit_axis("precision"), "", ""};
  if (level.pr.empty()) {
    plot.missing = "No curve of precision and recall: no case with a probability is " + positive_name + ".";
    return plot;
  }
  const double share = level.cases == 0 ? 0 : static_cast<double>(level.positives) / static_cast<double>(level.cases);
  std::string points;
  for (const PrPoint& at : level.pr) points += point(at.recall, at.precision);
  plot.content = plot_line("diagonal", 0, share, 1, share) + band_svg(level.pr_band, round_scale(0, 1)) + polyline("curve", points);
  plot.caption = "Precision and recall, average precision " + figure_number(level.average_precision) + ". The dashes are chance.";
  if (level.recall.value && level.precision.value) {
    plot.content += ring(*level.recall.value, *level.precision.value);
    plot.caption += " The ring is the operating point: precision " + fixed(*level.precision.value, 3) + ", recall " + fixed(*level.recall.value, 3) + ".";
  }
  return plot;
}

SvgPlot reliability_plot(const LevelEvaluation& level, const std::string& positive_name) {
  SvgPlot plot = {"", unit_axis("mean probability of " + positive_name), unit_axis("share that is " + positive_name), "", ""};
  if (level.scored == 0) {
    plot.missing = "No reliability diagram: no case has a probability.";
    return plot;
  }
  plot.content = plot_line("diagonal", 0, 0, 1, 1);
  for (std::size_t i = 0; i < level.reliability.size(); ++i) {
    const ReliabilityBin& bin = level.reliability[i];
    if (bin.count == 0) continue;
    if (i < level.reliability_band.intervals.size() && level.reliability_band.intervals[i]) {
      const Interval& interval = *level.reliability_band.intervals[i];
      plot.content += plot_line("whisker", bin.mean_probability, interval.low, bin.mean_probability, interval.high);
    }
    const double radius = std::max(2.0, 18 * std::sqrt(static_cast<double>(bin.count) / static_cast<double>(level.scored)));
    plot.content += "<circle class=\"bin\" r=\"" + plot_number(radius) + "\" cx=\"" + plot_x(bin.mean_probability) + "\" cy=\"" + plot_y(bin.positive_rate) +
                    "\"><title>" + std::to_string(bin.count) + " cases: mean probability " + fixed(bin.mean_probability, 3) + ", share " +
                    fixed(bin.positive_rate, 3) + "</title></circle>";
  }
  plot.caption =
      "Reliability: on the diagonal a probability keeps its word. Area of a dot: its cases. Expected calibration error " + figure_number(level.ece) + ".";
  return plot;
}

SvgPlot histogram_plot(const Evaluation& evaluation, const LevelEvaluation& level) {
  const std::string& positive = positive_name_of(evaluation);
  SvgPlot plot = {"", unit_axis("probability of " + positive), {}, "", ""};
  if (level.scored == 0) {
    plot.missing = "No histogram: no case has a probability.";
    return plot;
  }
  std::int64_t most = 1;
  for (const ReliabilityBin& bin : level.reliability) most = std::max({most, positives_of(bin), bin.count - positives_of(bin)});
  const AxisScale y = round_scale(0, static_cast<double>(most));
  plot.y = {"cases", y.ticks};
  for (const ReliabilityBin& bin : level.reliability) {
    const double middle = (bin.low + bin.high) / 2;
    const double bar = 0.4 * (bin.high - bin.low);
    plot.content += rectangle("negative-bar", middle - bar, 0, middle, y.at(static_cast<double>(bin.count - positives_of(bin)))) +
                    rectangle("positive-bar", middle, 0, middle + bar, y.at(static_cast<double>(positives_of(bin))));
  }
  plot.content += plot_line("threshold", evaluation.threshold_high, 0, evaluation.threshold_high, 1);
  if (evaluation.threshold_low != evaluation.threshold_high) {
    plot.content += plot_line("threshold", evaluation.threshold_low, 0, evaluation.threshold_low, 1);
  }
  plot.caption =
      "Cases by probability of " + positive + ": a bin's left bar those that are not " + positive + ", its right bar those that are. Upright: thresholds.";
  return plot;
}

SvgPlot decision_plot(const Evaluation& evaluation, const LevelEvaluation& level) {
  SvgPlot plot = {"", unit_axis("threshold"), {}, "", ""};
  if (level.decision.empty()) {
    plot.missing = "No decision curve: no case has a probability.";
    return plot;
  }
  double best = 0.01;
  for (const DecisionPoint& at : level.decision) best = std::max({best, at.net_benefit, at.call_all});
  const AxisScale y = round_scale(-0.2 * best, best);  // what lies deeper is of no use to anybody
  plot.y = {"net benefit", y.ticks};
  std::string model;
  std::string all;
  for (const DecisionPoint& at : level.decision) {
    if (y.at(at.net_benefit) >= 0) model += point(at.threshold, y.at(at.net_benefit));
    if (y.at(at.call_all) >= 0) all += point(at.threshold, y.at(at.call_all));
  }
  plot.content = plot_line("diagonal", 0, y.at(0), 1, y.at(0)) + band_svg(level.decision_band, y) + polyline("call-all", all) + polyline("curve", model) +
                 plot_line("threshold", evaluation.threshold_high, 0, evaluation.threshold_high, 1);
  plot.caption =
      "Decision curve: net benefit of calling by a threshold; thin: of calling all; dashes: of calling none (Vickers & Elkin 2006). Upright: the threshold.";
  return plot;
}

SvgPlot confusion_plot(const Evaluation& evaluation, const LevelEvaluation& level) {
  const int classes = level.confusion.classes();
  SvgPlot plot = {"Confusion matrix of decided cases; darker: a larger share of its row.", {"call", {}}, {"true class", {}}, "", ""};
  const double side = 1.0 / classes;
  for (int truth = 0; truth < classes; ++truth) {
    const double middle = 1 - (truth + 0.5) * side;
    const double y = kPlotTop + (1 - middle) * kPlotSide;
    plot.content += plot_text("middle", kNamesLeft, y, evaluation.class_names[static_cast<std::size_t>(truth)],
                              " transform=\"rotate(-90 " + plot_number(kNamesLeft) + ' ' + plot_number(y) + ")\"");
    plot.x.ticks.push_back({(truth + 0.5) * side, evaluation.class_names[static_cast<std::size_t>(truth)]});
    const std::int64_t total = level.confusion.true_total(truth);
    for (int call = 0; call < classes; ++call) {
      const std::int64_t count = level.confusion.at(truth, call);
      const double share = total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total);
      const double left = call * side;
      plot.content += rectangle("cell", left + 0.01, middle - side / 2 + 0.01, left + side - 0.01, middle + side / 2 - 0.01) +
                      rectangle("share", left + 0.01, middle - side / 2 + 0.01, left + side - 0.01, middle + side / 2 - 0.01,
                                " fill-opacity=\"" + fixed(0.5 * share, 3) + "\"") +
                      plot_text("middle", kPlotLeft + (left + side / 2) * kPlotSide, y + 4,
                                std::to_string(count) + (total == 0 ? "" : " (" + fixed(100 * share, 0) + " %)"));
    }
  }
  return plot;
}

std::string plot_inside(const SvgPlot& plot) { return plot_frame(plot.x, plot.y) + plot.content; }

std::string plot_figure(const SvgPlot& plot) {
  if (!plot.missing.empty()) return "<p class=\"quiet\">" + escape_html(plot.missing) + "</p>\n";
  return "<figure><svg role=\"img\" aria-label=\"" + escape_html(plot.caption) + "\" viewBox=\"0 0 " + plot_number(kPlotWidth) + ' ' +
         plot_number(kPlotHeight) + "\" width=\"" + plot_number(kPlotWidth) + "\" height=\"" + plot_number(kPlotHeight) + "\">" + plot_inside(plot) +
         "</svg>\n<figcaption>" + escape_html(plot.caption) + "</figcaption></figure>\n";
}

}  // namespace lobule
