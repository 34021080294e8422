#include "tissue_texture.h"

#include <cmath>

namespace lobule {
namespace {

double lattice_value(std::uint64_t seed, std::int64_t column, std::int64_t row) {
  // The finaliser of MurmurHash3 over a sum of odd multiples: cheap, and no stripes at this scale.
  std::uint64_t bits = seed + static_cast<std::uint64_t>(column) * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(row) * 0xC2B2AE3D27D4EB4FU;
  bits = (bits ^ (bits >> 33)) * 0xFF51AFD7ED558CCDU;
  bits = (bits ^ (bits >> 33)) * 0xC4CEB9FE1A85EC53U;
  return static_cast<double>(bits >> 40) / 16777216.0;
}

double ease(double t) { return t * t * (3 - 2 * t); }

}  // namespace

double value_noise(std::uint64_t seed, double x, double y) {
  const double left = std::floor(x);
  const double top = std::floor(y);
  const auto column = static_cast<std::int64_t>(left);
  const auto row = static_cast<std::int64_t>(top);
  const double tx = ease(x - left);
  const double ty = ease(y - top);
  const double upper = lattice_value(seed, column, row) * (1 - tx) + lattice_value(seed, column + 1, row) * tx;
  const double lower = lattice_value(seed, column, row + 1) * (1 - tx) + lattice_value(seed, column + 1, row + 1) * tx;
  return upper * (1 - ty) + lower * ty;
}

Point FibreField::along_across(Point point) const {
  const double along = dot(point, direction);
  const double across = point.y * direction.x - point.x * direction.y;
  const double bend = value_noise(seed, along / wave_length, across / (2 * wave_length)) - 0.5;
  const double ripple = value_noise(seed + 1, along * 3 / wave_length, across * 2 / wave_length) - 0.5;
  return {along, across + wave_height * (2 * bend + 0.6 * ripple)};
}

Point FibreField::direction_at(Point point) const {
  // A fibre keeps its place across, so the slope is what the bend changes over a short step.
  const double step = 2;
  const double change = along_across(point + direction * step).y - along_across(point).y;
  const Point normal = {-direction.y, direction.x};
  const Point tangent = direction * step - normal * change;
  return tangent * (1 / length(tangent));
}

}  // namespace lobule
