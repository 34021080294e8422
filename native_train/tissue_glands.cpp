#include "tissue_glands.h"

#include <cmath>

#include "tissue_nuclei.h"
#include "tissue_random.h"

namespace lobule {
namespace {

constexpr double kTwoPi = 6.283185307179586;

Outline shrunk(Outline outline, double by) {
  outline.semi_major -= by;
  outline.semi_minor -= by;
  return outline;
}

bool in_a_lumen(const Gland& gland, Point point, double margin) {
  for (const Outline& lumen : gland.lumens) {
    if (lumen.signed_distance(point) < margin) return true;
  }
  return false;
}

bool crowds(const std::vector<Nucleus>& nuclei, const Nucleus& candidate, double allowed) {
  for (const Nucleus& other : nuclei) {
    const double room = allowed * (other.outline.semi_minor + candidate.outline.semi_minor);
    const Point apart = other.outline.centre - candidate.outline.centre;
    if (dot(apart, apart) < room * room) return true;
  }
  return false;
}

Point disturbed_axis(SplitMix64& random, Point axis, double disorder) {
  const Point mixed = axis + unit_direction(random.uniform()) * disorder;
  const double size = length(mixed);
  return size < 1e-6 ? axis : mixed * (1 / size);
}

/// Cells in rows parallel to the outline: one row of flat myoepithelial nuclei outside, oval ones across the wall inside. Grade thins out
/// the first, adds rows, and shakes every cell out of its place.
std::vector<Nucleus> place_nuclei(SplitMix64& random, const Gland& gland) {
  const NucleusHabit flat = myoepithelial_nuclei();
  const NucleusHabit oval = epithelial_nuclei(gland.grade);
  const double disorder = mix(0.05, 0.9, smooth_step(0.28, 0.72, gland.grade));
  const double two_layered = 1 - smooth_step(0.35, 0.7, gland.grade);
  const double mean_radius = std::sqrt(gland.outline.semi_major * gland.outline.semi_minor);
  const double row_step = 2 * oval.radius * 1.12;
  std::vector<Nucleus> nuclei;
  const auto place_row = [&](const NucleusHabit& habit, double depth, double spacing, double keep, bool lengthwise) {
    const double radius = mean_radius - depth;
    const int count = radius < spacing / 2 ? 1 : static_cast<int>(kTwoPi * radius / spacing);
    const double phase = random.uniform();
    for (int i = 0; i < count; ++i) {
      const double turn = (i + phase + 0.35 * disorder * standard_normal(random)) / count;
      const Point at = gland.outline.boundary_point(turn, -depth + 2.6 * disorder * standard_normal(random));
      const Point outwards = at - gland.outline.centre;
      const double distance = length(outwards);
      Point axis = distance < 1e-6 ? Point{1, 0} : outwards * (1 / distance);
      if (lengthwise) axis = {-axis.y, axis.x};
      const Nucleus nucleus = random_nucleus(random, habit, at, disturbed_axis(random, axis, 1.6 * disorder));
      if (!happens(random, keep) || in_a_lumen(gland, at, 2.2)) continue;
      if (!crowds(nuclei, nucleus, mix(0.85, 0.75, gland.grade))) nuclei.push_back(nucleus);
    }
  };
  place_row(flat, 1.8, 8.5, two_layered, true);
  double depth = mix(5.0, 6.8, two_layered);
  const double deepest = std::min(gland.wall - 3.5, mean_radius);
  do {
    place_row(oval, depth, 2 * oval.radius * mix(1.02, 0.95, gland.grade), 1.0, false);
    depth += row_step;
  } while (depth < deepest);
  return nuclei;
}

}  // namespace

Gland random_gland(SplitMix64& random, Point centre, double radius, double grade) {
  const double own_grade = std::clamp(grade + 0.06 * standard_normal(random), 0.0, 1.0);
  Gland gland;
  gland.grade = own_grade;
  const double filled = smooth_step(0.3, 0.75, own_grade + 0.10 * standard_normal(random));
  gland.outline = random_outline(random, centre, radius, uniform_between(random, 1.0, mix(1.35, 1.8, own_grade)), mix(0.05, 0.26, own_grade));
  gland.wall = uniform_between(random, 11.5, 13.5) * (1 + 2.2 * filled);
  gland.secretion = happens(random, 0.45) ? uniform_between(random, 0.14, 0.22) : 0.0;
  gland.cytoplasm_eosin = uniform_between(random, 0.26, 0.36);
  gland.cytoplasm_haematoxylin = uniform_between(random, 0.10, 0.18);
  const Outline lumen = shrunk(gland.outline, gland.wall);
  if (lumen.semi_minor > 3.5) {
    gland.lumens.push_back(lumen);
  } else if (radius > 26 && happens(random, 0.65)) {  // cribriform: punched-out holes
    const int holes = 2 + static_cast<int>(random.below(4));
    for (int i = 0; i < holes; ++i) {
      const double turn = (i + 0.4 * random.uniform()) / holes;
      const Point at = gland.outline.boundary_point(turn, -radius * uniform_between(random, 0.45, 0.6));
      gland.lumens.push_back(random_outline(random, at, uniform_between(random, 4.0, 7.5), 1.3, 0.15));
    }
  }
  return gland;
}

void paint_gland(TissueLayer& layer, SplitMix64& random, const Gland& gland) {
  const std::uint64_t texture = random.next();
  const double fray = mix(0.5, 7.0, smooth_step(0.3, 0.9, gland.grade));
  const double membrane = 0.30 * (1 - smooth_step(0.35, 0.8, gland.grade));
  layer.paint(gland.outline, [&](Point point, double distance) {
    const double ragged = distance + fray * value_noise(texture, point.x / 5, point.y / 5);
    const double cloud = value_noise(texture + 1, (point.x + 0.6 * point.y) / 2.8, (point.y - 0.6 * point.x) / 2.8) - 0.5;
    const double basement = membrane * smooth_step(-2.0, -0.8, distance);
    return Deposit{gland.cytoplasm_haematoxylin * (1 + 0.9 * cloud), gland.cytoplasm_eosin * (1 + 0.75 * cloud) + basement,
                   std::clamp(0.7 - ragged / layer.um_per_pixel, 0.0, 1.0)};
  });
  for (const Outline& lumen : gland.lumens) {
    layer.paint(lumen, [&](Point point, double distance) {
      const double bubble = 0.6 * value_noise(texture + 2, (point.x + 0.5 * point.y) / 9, (point.y - 0.5 * point.x) / 9) +
                            0.4 * value_noise(texture + 3, point.x / 3, point.y / 3);
      const double edge = 0.18 * smooth_step(-1.6, 0.0, distance);  // apical border
      return Deposit{0, gland.secretion * (0.5 + bubble) + edge, 1};
    });
  }
  for (const Nucleus& nucleus : place_nuclei(random, gland)) paint_nucleus(layer, nucleus);
}

void paint_cell_row(TissueLayer& layer, SplitMix64& random, const FibreField& fibres, Point start, int cells, double grade) {
  const NucleusHabit habit = epithelial_nuclei(grade);
  Point at = start;
  for (int i = 0; i < cells; ++i) {
    const Point along = fibres.direction_at(at);
    const Nucleus nucleus = random_nucleus(random, habit, at, disturbed_axis(random, along, 0.8));
    Outline body = nucleus.outline;
    body.semi_major += 2.0;
    body.semi_minor += 1.4;
    layer.paint(body, [](Point, double) { return Deposit{0.12, 0.34, 0.8}; });
    paint_nucleus(layer, nucleus);
    at = at + along * (2.3 * habit.radius + 2.0 * random.uniform());
  }
}

}  // namespace lobule
