#pragma once

#include <cstdint>

#include "tissue_outline.h"

namespace lobule {

/// Value noise in 0..1: random values on a grid of unit cells, joined smoothly (Perlin's ease curve of 1985).
double value_noise(std::uint64_t seed, double x, double y);

/// Wavy fibres that run along a direction: the pattern of collagen.
struct FibreField {
  Point direction = {1, 0};  // unit vector
  double wave_length = 120;  // micrometres along the fibres
  double wave_height = 20;   // micrometres across
  double thickness = 4;      // micrometres
  std::uint64_t seed = 0;

  /// Place in the fibres' own coordinates: x along a fibre, y across.
  Point along_across(Point point) const;
  /// Unit vector of the fibre at a point.
  Point direction_at(Point point) const;
};

}  // namespace lobule
