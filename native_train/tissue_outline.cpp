#include "tissue_outline.h"

#include <cmath>
#include <vector>

#include "tissue_random.h"

namespace lobule {
namespace {

constexpr int kDirections = 256;

/// Unit vectors of a full turn by repeated halving: cos(a/2) = sqrt((1 + cos a) / 2), exact to rounding on every machine.
std::vector<Point> make_directions() {
  std::vector<Point> directions(kDirections + 1);
  directions[0] = {1, 0};
  directions[kDirections / 4] = {0, 1};
  for (int step = kDirections / 8; step >= 1; step /= 2) {
    for (int i = step; i < kDirections / 4; i += 2 * step) {
      const Point sum = directions[i - step] + directions[i + step];
      directions[i] = sum * (1 / length(sum));
    }
  }
  for (int i = kDirections / 4; i <= kDirections; ++i) {
    const Point quarter_back = directions[i - kDirections / 4];
    directions[i] = {-quarter_back.y, quarter_back.x};
  }
  return directions;
}

/// 1 + sum of waves for a direction; cos(k a) + i sin(k a) = (cos a + i sin a)^k.
double modulation(const std::array<Point, Outline::kWaves>& waves, Point direction) {
  double sum = 1;
  Point power = direction;
  for (const Point& wave : waves) {
    power = {power.x * direction.x - power.y * direction.y, power.x * direction.y + power.y * direction.x};
    sum += wave.x * power.x + wave.y * power.y;
  }
  return sum;
}

}  // namespace

double length(Point p) { return std::sqrt(p.x * p.x + p.y * p.y); }

Point unit_direction(double turn) {
  static const std::vector<Point> directions = make_directions();
  const double place = (turn - std::floor(turn)) * kDirections;
  const int index = place >= kDirections ? kDirections - 1 : static_cast<int>(place);
  const double share = place - index;
  const Point chord = directions[index] * (1 - share) + directions[index + 1] * share;
  return chord * (1 / length(chord));
}

double Outline::signed_distance(Point point) const {
  const Point offset = point - centre;
  const double distance = length(offset);
  if (distance < 1e-9) return -semi_minor;
  const Point scaled = {dot(offset, axis) / semi_major, (offset.y * axis.x - offset.x * axis.y) / semi_minor};
  const double scaled_length = length(scaled);
  const double boundary = modulation(waves, scaled * (1 / scaled_length));
  return distance * (1 - boundary / scaled_length);
}

Point Outline::boundary_point(double turn, double offset) const {
  const Point direction = unit_direction(turn);
  const double boundary = modulation(waves, direction);
  const double along = direction.x * semi_major * boundary;
  const double across = direction.y * semi_minor * boundary;
  const Point from_centre = {along * axis.x - across * axis.y, along * axis.y + across * axis.x};
  const double distance = length(from_centre);
  return centre + from_centre * (distance < 1e-9 ? 0 : (distance + offset) / distance);
}

double Outline::reach() const {
  double share = 1;
  for (const Point& wave : waves) share += length(wave);
  return share * (semi_major > semi_minor ? semi_major : semi_minor);
}

Outline random_outline(SplitMix64& random, Point centre, double radius, double aspect, double waviness) {
  Outline outline;
  outline.centre = centre;
  outline.axis = unit_direction(random.uniform());
  const double stretch = std::sqrt(aspect);
  outline.semi_major = radius * stretch;
  outline.semi_minor = radius / stretch;
  double amplitude = waviness;
  for (Point& wave : outline.waves) {
    const Point phase = unit_direction(random.uniform());
    wave = phase * (amplitude * random.uniform());
    amplitude *= 0.7;
  }
  return outline;
}

}  // namespace lobule
