#include "lobule/line_chart.h"

#include <algorithm>
#include <cmath>

#include "axis_ticks.h"
#include "html_parts.h"
#include "style_sheet.h"
#include "svg_frame.h"

namespace lobule {
namespace {

constexpr double kLegendHeight = 40;  // CSS pixels
constexpr double kLegendEntry = 110;
constexpr double kLargest = 1e12;

bool is_drawn(double value) { return std::abs(value) <= kLargest; }  // NaN is not

std::string css_class(CurveStyle style) { return style == CurveStyle::solid ? "curve solid" : "curve dashed"; }

std::string_view curve_style() {
  return R"(.solid { stroke: var(--positive); }
.dashed { stroke: var(--negative); stroke-dasharray: 6 3; }
.dot { fill: var(--surface); }
.mark { stroke: var(--text); stroke-dasharray: 2 3; }
)";
}

struct Scales {
  AxisScale x;
  AxisScale y;
};

Scales scales_of(const LineChart& chart) {
  double low = chart.y_low;
  double high = chart.y_high;
  for (const Curve& curve : chart.curves) {
    for (const double value : curve.y) {
      if (!is_drawn(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  Scales scales;
  if (low <= high) scales.y = round_scale(low, high);
  if (!chart.x.empty()) {
    scales.x = chart.logarithmic_x ? logarithmic_scale(chart.x.front(), chart.x.back()) : count_scale(chart.x.front(), chart.x.back());
  }
  return scales;
}

std::string circle(const std::string& classes, const Scales& scales, double x, double y, const std::string& radius) {
  return "<circle class=\"" + classes + "\" r=\"" + radius + "\" cx=\"" + plot_x(scales.x.at(x)) + "\" cy=\"" + plot_y(scales.y.at(y)) + "\"/>";
}

/// A line for each stretch without a gap, a dot for a stretch of one point.
std::string curve_svg(const LineChart& chart, const Curve& curve, const Scales& scales) {
  std::string svg;
  const std::size_t count = std::min(chart.x.size(), curve.y.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_drawn(curve.y[i])) continue;
    const std::size_t begin = i;
    std::string points;
    for (; i < count && is_drawn(curve.y[i]); ++i) points += plot_x(scales.x.at(chart.x[i])) + ',' + plot_y(scales.y.at(curve.y[i])) + ' ';
    if (i - begin == 1) {
      svg += circle(css_class(curve.style) + " dot", scales, chart.x[begin], curve.y[begin], "2");
    } else {
      svg += "<polyline class=\"" + css_class(curve.style) + "\" points=\"" + points + "\"/>";
    }
  }
  return svg;
}

std::string mark_svg(const LineChart& chart, const ChartMark& mark, const Scales& scales, std::size_t row) {
  const double at = scales.x.at(mark.x);
  const std::string anchor = at < 0.2 ? "start" : at > 0.8 ? "end" : "middle";
  std::string svg = plot_line("mark", at, 0, at, 1) + plot_text(anchor, kPlotLeft + at * kPlotSide, kPlotTop - 4 - 13 * static_cast<double>(row), mark.label);
  const auto found = std::find(chart.x.begin(), chart.x.end(), mark.x);
  if (found == chart.x.end()) return svg;
  const auto index = static_cast<std::size_t>(found - chart.x.begin());
  for (const Curve& curve : chart.curves) {
    if (curve.style == CurveStyle::solid && index < curve.y.size() && is_drawn(curve.y[index])) {
      svg += circle(css_class(curve.style) + " dot", scales, mark.x, curve.y[index], "4");
    }
  }
  return svg;
}

std::string chart_svg(const LineChart& chart) {
  const Scales scales = scales_of(chart);
  std::string svg = plot_frame({chart.x_title, scales.x.ticks}, {chart.y_title, scales.y.ticks});
  for (const Curve& curve : chart.curves) svg += curve_svg(chart, curve, scales);
  for (std::size_t i = 0; i < chart.marks.size(); ++i) svg += mark_svg(chart, chart.marks[i], scales, i);
  return svg;
}

std::string legend_svg(const LineChart& chart) {
  std::string svg;
  double left = kPlotLeft;
  for (const Curve& curve : chart.curves) {
    svg += "<line class=\"" + css_class(curve.style) + "\" x1=\"" + plot_number(left) + "\" y1=\"14.0\" x2=\"" + plot_number(left + 24) + "\" y2=\"14.0\"/>" +
           plot_text("start", left + 30, 18, curve.name);
    left += kLegendEntry;
  }
  return svg;
}

}  // namespace

std::string line_charts_svg(std::span<const LineChart> charts, const std::string& description, std::size_t columns) {
  if (columns == 0) columns = std::max<std::size_t>(charts.size(), 1);
  const std::size_t rows = std::max<std::size_t>((charts.size() + columns - 1) / columns, 1);
  const std::string width = plot_number(kPlotWidth * static_cast<double>(columns));
  const std::string height = plot_number(kLegendHeight + kPlotHeight * static_cast<double>(rows));
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"description\" viewBox=\"0 0 " + width + ' ' + height +
                    "\" width=\"" + width + "\" height=\"" + height + "\">\n<title id=\"description\">" + escape_html(description) + "</title>\n<style>\n" +
                    palette_style() + std::string(chart_style()) + std::string(curve_style()) +
                    "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"var(--surface)\"/>\n";
  if (!charts.empty()) svg += legend_svg(charts.front()) + "\n";
  for (std::size_t i = 0; i < charts.size(); ++i) {
    const double left = kPlotWidth * static_cast<double>(i % columns);
    const double top = kLegendHeight + kPlotHeight * static_cast<double>(i / columns);
    svg += "<g transform=\"translate(" + plot_number(left) + ' ' + plot_number(top) + ")\">" + chart_svg(charts[i]) + "</g>\n";
  }
  return svg + "</svg>\n";
}

}  // namespace lobule
