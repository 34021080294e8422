#include "lobule/evaluation_charts.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "html_parts.h"
#include "lobule/csv.h"
#include "lobule/number_text.h"
#include "style_sheet.h"
#include "svg_plot.h"

namespace lobule {
namespace {

constexpr double kMargin = 8;            // CSS pixels around the chart
constexpr double kCaptionLine = 16;      // CSS pixels
constexpr std::size_t kLineLength = 52;  // characters of a caption that fit below a chart

SvgPlot plot_of(const Evaluation& evaluation, std::string_view chart) {
  const LevelEvaluation& images = evaluation.images;
  const std::string& positive = evaluation.class_names.at(static_cast<std::size_t>(evaluation.positive_class));
  if (chart == "roc") return roc_plot(images, positive);
  if (chart == "precision_recall") return precision_recall_plot(images, positive);
  if (chart == "reliability") return reliability_plot(images, positive);
  if (chart == "histogram") return histogram_plot(evaluation, images);
  if (chart == "decision_curve") return decision_plot(evaluation, images);
  if (chart == "confusion_matrix") return confusion_plot(evaluation, images);
  throw std::logic_error("there is no chart " + std::string(chart));
}

/// Words in lines of at most so many characters, where no word is longer.
std::vector<std::string> broken_lines(const std::string& text) {
  std::vector<std::string> lines = {""};
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > kLineLength) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + word;
    at = end + 1;
  }
  return lines;
}

std::string number(const Figure& figure) { return figure ? shortest(*figure) : ""; }

/// A place of a band: x under the curve's x, then nothing for its y, low and high.
void add_band(std::string& csv, const CurveBand& band, std::size_t before) {
  for (std::size_t i = 0; i < band.at.size(); ++i) {
    std::vector<std::string> fields = {"interval"};
    fields.resize(1 + before);
    fields.push_back(shortest(band.at[i]));
    fields.emplace_back();
    fields.push_back(band.intervals[i] ? shortest(band.intervals[i]->low) : "");
    fields.push_back(band.intervals[i] ? shortest(band.intervals[i]->high) : "");
    csv += csv_line(fields);
  }
}

std::string roc_csv(const LevelEvaluation& level) {
  std::string csv = csv_line({"series", "threshold", "false_positive_rate", "true_positive_rate", "low", "high"});
  for (const RocPoint& at : level.roc) {
    csv += csv_line(
        {"curve", std::isfinite(at.threshold) ? shortest(at.threshold) : "", shortest(at.false_positive_rate), shortest(at.true_positive_rate), "", ""});
  }
  add_band(csv, level.roc_band, 1);
  return csv;
}

std::string precision_recall_csv(const LevelEvaluation& level) {
  std::string csv = csv_line({"series", "threshold", "recall", "precision", "low", "high"});
  for (const PrPoint& at : level.pr) csv += csv_line({"curve", shortest(at.threshold), shortest(at.recall), shortest(at.precision), "", ""});
  add_band(csv, level.pr_band, 1);
  return csv;
}

std::string reliability_csv(const LevelEvaluation& level) {
  std::string csv = csv_line({"bin_low", "bin_high", "cases", "positives", "mean_probability", "positive_rate", "low", "high"});
  for (std::size_t i = 0; i < level.reliability.size(); ++i) {
    const ReliabilityBin& bin = level.reliability[i];
    const bool empty = bin.count == 0;
    const std::optional<Interval> interval = i < level.reliability_band.intervals.size() ? level.reliability_band.intervals[i] : std::nullopt;
    csv += csv_line({shortest(bin.low), shortest(bin.high), std::to_string(bin.count), std::to_string(positives_of(bin)),
                     number(empty ? Figure() : bin.mean_probability), number(empty ? Figure() : bin.positive_rate),
                     number(interval ? Figure(interval->low) : Figure()), number(interval ? Figure(interval->high) : Figure())});
  }
  return csv;
}

std::string decision_csv(const LevelEvaluation& level) {
  std::string csv = csv_line({"series", "threshold", "net_benefit", "low", "high", "call_all"});
  for (const DecisionPoint& at : level.decision) {
    csv += csv_line({"curve", shortest(at.threshold), shortest(at.net_benefit), "", "", shortest(at.call_all)});
  }
  add_band(csv, level.decision_band, 0);
  return csv;
}

std::string confusion_csv(const Evaluation& evaluation) {
  std::string csv = csv_line({"true_class", "call", "cases"});
  const ConfusionMatrix& confusion = evaluation.images.confusion;
  for (int truth = 0; truth < confusion.classes(); ++truth) {
    for (int call = 0; call < confusion.classes(); ++call) {
      csv += csv_line({evaluation.class_names[static_cast<std::size_t>(truth)], evaluation.class_names[static_cast<std::size_t>(call)],
                       std::to_string(confusion.at(truth, call))});
    }
  }
  return csv;
}

}  // namespace

std::string chart_svg(const Evaluation& evaluation, std::string_view chart) {
  const SvgPlot plot = plot_of(evaluation, chart);
  const std::string caption = plot.missing.empty() ? plot.caption : plot.missing;
  std::vector<std::string> lines = broken_lines(caption);
  for (const std::string& line : broken_lines(std::string(kResearchUseOnly))) lines.push_back(line);
  const double top = plot.missing.empty() ? kPlotHeight : 0;
  const std::string width = plot_number(kPlotWidth + 2 * kMargin);
  const std::string height = plot_number(top + kCaptionLine * static_cast<double>(lines.size()) + 3 * kMargin);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"description\" viewBox=\"0 0 " + width + ' ' + height +
                    "\" width=\"" + width + "\" height=\"" + height + "\">\n<title id=\"description\">" + escape_html(caption) + "</title>\n<style>\n" +
                    light_chart_style() + "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  svg += "<g transform=\"translate(" + plot_number(kMargin) + ' ' + plot_number(kMargin) + ")\">\n";
  if (plot.missing.empty()) svg += plot_inside(plot) + '\n';
  for (std::size_t i = 0; i < lines.size(); ++i) svg += plot_text("start", 0, top + kCaptionLine * static_cast<double>(i + 1), lines[i]) + '\n';
  return svg + "</g>\n</svg>\n";
}

std::string chart_csv(const Evaluation& evaluation, std::string_view chart) {
  const LevelEvaluation& images = evaluation.images;
  if (chart == "roc") return roc_csv(images);
  if (chart == "precision_recall") return precision_recall_csv(images);
  if (chart == "reliability" || chart == "histogram") return reliability_csv(images);
  if (chart == "decision_curve") return decision_csv(images);
  if (chart == "confusion_matrix") return confusion_csv(evaluation);
  throw std::logic_error("there is no chart " + std::string(chart));
}

}  // namespace lobule
