#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lobule {

/// Colour and dash together, so that colour never speaks alone; blue and vermilion are told apart by all common kinds of colour vision.
enum class CurveStyle {
  solid,   // vermilion
  dashed,  // blue
};

struct Curve {
  std::string name;
  CurveStyle style = CurveStyle::solid;
  std::vector<double> y;  // one for each of the chart's x; not a finite number: a gap
};

/// An upright line over the whole chart.
struct ChartMark {
  double x = 0;
  std::string label;
};

struct LineChart {
  std::string x_title;  // with the unit
  std::string y_title;
  bool logarithmic_x = false;  // otherwise x counts: whole numbers
  std::vector<double> x;       // finite and ascending; above 0 where logarithmic
  std::vector<Curve> curves;
  double y_low = std::numeric_limits<double>::infinity();  // the upright axis reaches from here, or from the lowest value below
  double y_high = -std::numeric_limits<double>::infinity();
  std::vector<ChartMark> marks;  // a solid curve's point there gets a ring
};

/// The charts side by side, so many a row (0: all in one), as an SVG file that stands alone, with a legend of the first one's curves: light or dark as the
/// reader's system is, without script, and the same bytes on every machine. description: what a screen reader says. Values beyond 1e12 are gaps.
std::string line_charts_svg(std::span<const LineChart> charts, const std::string& description, std::size_t columns = 0);

}  // namespace lobule
