#include "svg_plot.h"

#include <algorithm>
#include <cmath>

#include "html_parts.h"
#include "lobule/number_text.h"

namespace lobule {
namespace {

constexpr double kSide = 260;  // of the plotted square, CSS pixels
constexpr double kLeft = 52;
constexpr double kTop = 12;

std::string number(double value) { return fixed(value, 1); }
std::string x_of(double value) { return number(kLeft + value * kSide); }
std::string y_of(double value) { return number(kTop + (1 - value) * kSide); }

std::string line(const std::string& css_class, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + css_class + "\" x1=\"" + x_of(x1) + "\" y1=\"" + y_of(y1) + "\" x2=\"" + x_of(x2) + "\" y2=\"" + y_of(y2) + "\"/>";
}

std::string text(const std::string& anchor, double x, double y, const std::string& content, const std::string& attributes = "") {
  return "<text text-anchor=\"" + anchor + "\" x=\"" + number(x) + "\" y=\"" + number(y) + "\"" + attributes + ">" + escape_html(content) + "</text>";
}

/// The unit square with its grid and the titles of its axes, and what it shows below; content is drawn over the grid.
std::string unit_square(const std::string& caption, const std::string& x_title, const std::string& y_title, const std::string& content) {
  const double width = kLeft + kSide + 16;
  const double height = kTop + kSide + 48;
  std::string svg = "<figure><svg role=\"img\" aria-label=\"" + escape_html(caption) + "\" viewBox=\"0 0 " + number(width) + ' ' + number(height) +
                    "\" width=\"" + number(width) + "\" height=\"" + number(height) + "\">";
  for (int i = 0; i <= 5; ++i) {
    const double at = i / 5.0;
    svg += line("grid", at, 0, at, 1) + line("grid", 0, at, 1, at);
    svg += text("middle", kLeft + at * kSide, kTop + kSide + 16, fixed(at, 1));
    svg += text("end", kLeft - 6, kTop + (1 - at) * kSide + 4, fixed(at, 1));
  }
  svg += line("diagonal", 0, 0, 1, 1) + content;
  svg += text("middle", kLeft + kSide / 2, kTop + kSide + 36, x_title);
  const double middle = kTop + kSide / 2;
  return svg + text("middle", 14, middle, y_title, " transform=\"rotate(-90 14 " + number(middle) + ")\"") + "</svg>\n<figcaption>" + escape_html(caption) +
         "</figcaption></figure>\n";
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
    if (is_corner(level.roc, i)) points += x_of(level.roc[i].false_positive_rate) + ',' + y_of(level.roc[i].true_positive_rate) + ' ';
  }
  std::string content = "<polyline class=\"curve\" points=\"" + points + "\"/>";
  std::string caption = "ROC curve, AUC " + fixed(*level.auc.value, 3) + ".";
  if (level.specificity.value && level.recall.value) {
    const double x = 1 - *level.specificity.value;
    content += "<circle class=\"operating\" r=\"5\" cx=\"" + x_of(x) + "\" cy=\"" + y_of(*level.recall.value) + "\"/>";
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
    content += "<circle class=\"bin\" r=\"" + number(radius) + "\" cx=\"" + x_of(bin.mean_probability) + "\" cy=\"" + y_of(bin.positive_rate) + "\"><title>" +
               std::to_string(bin.count) + " cases: mean probability " + fixed(bin.mean_probability, 3) + ", share " + fixed(bin.positive_rate, 3) +
               "</title></circle>";
  }
  return unit_square(
      "Reliability: on the diagonal a probability keeps its word. Area of a dot: its cases. Expected calibration error " + fixed(*level.ece.value, 3) + ".",
      "mean probability of " + positive_name, "share that is " + positive_name, content);
}

}  // namespace lobule
