#pragma once

#include <string>
#include <vector>

#include "axis_ticks.h"

namespace lobule {

/// What every chart has: a square with a grid, numbers and titles along its axes. Places inside it are given as shares of its sides, from 0 to 1, upwards.
inline constexpr double kPlotSide = 260;  // CSS pixels, as all below
inline constexpr double kPlotLeft = 52;
inline constexpr double kPlotTop = 12;
inline constexpr double kPlotWidth = kPlotLeft + kPlotSide + 16;  // with its numbers and titles
inline constexpr double kPlotHeight = kPlotTop + kPlotSide + 48;

/// A length or a place in pixels, with one decimal.
std::string plot_number(double pixels);
std::string plot_x(double share);
std::string plot_y(double share);

/// Between two places in the square.
std::string plot_line(const std::string& css_class, double x1, double y1, double x2, double y2);

/// Text at a place in pixels. anchor: start, middle or end.
std::string plot_text(const std::string& anchor, double x, double y, const std::string& content, const std::string& attributes = "");

struct PlotAxis {
  std::string title;
  std::vector<AxisTick> ticks;
};

/// The grid, the numbers and the titles.
std::string plot_frame(const PlotAxis& x, const PlotAxis& y);

}  // namespace lobule
