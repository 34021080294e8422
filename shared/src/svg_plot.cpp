#include "svg_plot.h"

#include <algorithm>
#include <cmath>

#include "html_parts.h"
#include "lobule/number_text.h"
#include "svg_frame.h"

namespace lobule {
namespace {

/// The unit square, its diagonal, and what it shows below; content is drawn over them.
std::string unit_square(const std::string& caption, const std::string& x_title, const std::string& y_title, const std::string& content) {
  const std::vector<AxisTick> ticks = round_scale(0, 1).ticks;
  return "<figure><svg role=\"img\" aria-label=\"" + escape_html(caption) + "\" viewBox=\"0 0 " + plot_number(kPlotWidth) + ' ' + plot_number(kPlotHeight) +
         "\" width=\"" + plot_number(kPlotWidth) + "\" height=\"" + plot_number(kPlotHeight) + "\">" + plot_frame({x_title, ticks}, {y_title, ticks}) +
         plot_line("diagonal", 0, 0, 1, 1) + content + "</svg>\n<figcaption>" + escape_html(caption) + "</figcaption></figure>\n";
}

std::string nothing_to_draw(const std::string& why) { return "<p class=\"quiet\">" + escape_html(why) + "</p>\n"; }

/// Only the corners: a point between two neighbours on one straight level or upright line draws nothing.
bool is_corner(const std::vector<RocPoint>& curve, std::size_t i) {
  if (i == 0 || i + 1 == curve.size()) return true;
  const RocPoint& before = curve[i - 1];
  const RocPoint& after = curve[i + 1];
  return before.false_positive_rate != after.false_positive_rate && before.true_positive_rate != after.true_positive_rate;
}

}  // namespace

std::string roc_svg(const LevelEvaluation& level, const std::string& positive_name) {
  if (level.roc.empty()) return nothing_to_draw("No ROC curve: it needs a case of " + positive_name + " and another, each with a probability.");
  std::string points;
  for (std::size_t i = 0; i < level.roc.size(); ++i) {
    if (is_corner(level.roc, i)) points += plot_x(level.roc[i].false_positive_rate) + ',' + plot_y(level.roc[i].true_positive_rate) + ' ';
  }
  std::string content = "<polyline class=\"curve\" points=\"" + points + "\"/>";
  std::string caption = "ROC curve, AUC " + fixed(*level.auc.value, 3) + ".";
  if (level.specificity.value && level.recall.value) {
    const double x = 1 - *level.specificity.value;
    content += "<circle class=\"operating\" r=\"5\" cx=\"" + plot_x(x) + "\" cy=\"" + plot_y(*level.recall.value) + "\"/>";
    caption += " The ring is the operating point: sensitivity " + fixed(*level.recall.value, 3) + ", specificity " + fixed(*level.specificity.value, 3) + ".";
  }
  return unit_square(caption, "1 - specificity", "sensitivity", content);
}

std::string reliability_svg(const LevelEvaluation& level, const std::string& positive_name) {
  if (level.scored == 0) return nothing_to_draw("No reliability diagram: no case has a probability.");
  std::string content;
  for (const ReliabilityBin& bin : level.reliability) {
    if (bin.count == 0) continue;
    const double radius = std::max(2.0, 18 * std::sqrt(static_cast<double>(bin.count) / static_cast<double>(level.scored)));
    content += "<circle class=\"bin\" r=\"" + plot_number(radius) + "\" cx=\"" + plot_x(bin.mean_probability) + "\" cy=\"" + plot_y(bin.positive_rate) +
               "\"><title>" + std::to_string(bin.count) + " cases: mean probability " + fixed(bin.mean_probability, 3) + ", share " +
               fixed(bin.positive_rate, 3) + "</title></circle>";
  }
  return unit_square(
      "Reliability: on the diagonal a probability keeps its word. Area of a dot: its cases. Expected calibration error " + fixed(*level.ece.value, 3) + ".",
      "mean probability of " + positive_name, "share that is " + positive_name, content);
}

}  // namespace lobule
