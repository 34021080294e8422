#pragma once

#include <array>

#include "lobule/portable_math.h"

namespace lobule {

/// A place or a displacement on the slide, in micrometres; x to the right, y down.
struct Point {
  double x = 0;
  double y = 0;
};

inline Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
inline Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
inline Point operator*(Point a, double s) { return {a.x * s, a.y * s}; }
inline double dot(Point a, Point b) { return a.x * b.x + a.y * b.y; }
double length(Point p);

/// Unit vector at a share of a full turn (0.25: straight down), without sin and cos, whose last bits differ between C libraries.
Point unit_direction(double turn);

/// A closed curve round a centre: an ellipse whose radius is modulated by waves round the circumference. Nuclei, glands, lumens and fat
/// cells are all outlines.
struct Outline {
  static constexpr int kWaves = 5;  // orders 2..6

  Point centre;
  Point axis = {1, 0};    // unit vector of the long side
  double semi_major = 1;  // micrometres
  double semi_minor = 1;
  std::array<Point, kWaves> waves{};  // cosine and sine amplitude, as a share of the radius

  /// Micrometres along the ray from the centre to the point: negative inside.
  double signed_distance(Point point) const;
  /// Point of the curve at a share of a turn, its distance from the centre changed by `offset` micrometres.
  Point boundary_point(double turn, double offset) const;
  /// No point of the curve is farther from the centre.
  double reach() const;
};

/// An outline with random axis and random waves of about the given strength (0: a plain ellipse; 0.3: jagged).
Outline random_outline(SplitMix64& random, Point centre, double radius, double aspect, double waviness);

}  // namespace lobule
