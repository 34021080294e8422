#pragma once

#include <string>
#include <vector>

namespace lobule {

/// A number that stands at an axis.
struct AxisTick {
  double at = 0;  // its place, as a share of the axis's length
  std::string label;
};

/// What an axis shows, and where its numbers stand.
struct AxisScale {
  double low = 0;
  double high = 1;
  bool logarithmic = false;
  std::vector<AxisTick> ticks;

  /// Place of a value, as a share of the axis's length.
  double at(double value) const;
};

/// About five steps of 1, 2 or 5 times a power of ten (Heckbert, Graphics Gems, 1990), beginning below `low` and ending above `high`. A single value gets
/// a scale around it.
AxisScale round_scale(double low, double high);

/// From low to high and no further, with the whole numbers between that are a multiple of such a step: for counts.
AxisScale count_scale(double low, double high);

/// From low to high, both above 0, with the powers of ten between.
AxisScale logarithmic_scale(double low, double high);

}  // namespace lobule
