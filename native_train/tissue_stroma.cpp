#include "tissue_stroma.h"

#include <algorithm>
#include <cmath>

#include "tissue_nuclei.h"
#include "tissue_random.h"

namespace lobule {
namespace {

Point random_place(SplitMix64& random, const TissueLayer& layer) {
  const double x = random.uniform() * layer.width_um();
  return {x, random.uniform() * layer.height_um()};
}

}  // namespace

FibreField random_fibres(SplitMix64& random) {
  FibreField fibres;
  fibres.direction = unit_direction(random.uniform());
  fibres.wave_length = uniform_between(random, 70, 150);
  fibres.wave_height = uniform_between(random, 10, 30);
  fibres.thickness = uniform_between(random, 2.5, 6);
  fibres.seed = random.next();
  return fibres;
}

void lay_collagen(TissueLayer& layer, const FibreField& fibres, double eosin, double open_share) {
  const std::size_t pixels = layer.cover.size();
  std::vector<float> gap(pixels);  // where the tissue tears first
  std::vector<float> tearable;     // gap of the spots that nothing covers
  std::vector<float> collagen(pixels);
  std::size_t open = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    const Point point = {(static_cast<double>(i % layer.width) + 0.5) * layer.um_per_pixel, (static_cast<double>(i / layer.width) + 0.5) * layer.um_per_pixel};
    const Point fibre = fibres.along_across(point);
    const double coarse = value_noise(fibres.seed + 2, fibre.x / 40, fibre.y / fibres.thickness);
    const double fine = value_noise(fibres.seed + 3, fibre.x / 14, fibre.y / (0.3 * fibres.thickness));
    const double patch = value_noise(fibres.seed + 4, point.x / 60, point.y / 60);
    collagen[i] = static_cast<float>(eosin * (0.50 + 0.3 * coarse + 0.4 * fine + 0.4 * patch));
    const double split = value_noise(fibres.seed + 5, fibre.x / 30, fibre.y / (1.6 * fibres.thickness));
    gap[i] = static_cast<float>(split + 1.1 * value_noise(fibres.seed + 6, point.x / 30, point.y / 30) + 0.1 * fine);
    if (layer.cover[i] < 0.5F)
      tearable.push_back(gap[i]);
    else if (layer.is_open(i))
      ++open;
  }
  const auto wanted = static_cast<std::size_t>(open_share * static_cast<double>(pixels));
  float tears_at = 10;  // above every gap value: nothing tears
  if (wanted > open && !tearable.empty()) {
    const std::size_t torn = std::min(wanted - open, tearable.size() - 1);
    const auto place = tearable.end() - 1 - static_cast<std::ptrdiff_t>(torn);
    std::nth_element(tearable.begin(), place, tearable.end());
    tears_at = *place;
  }
  for (std::size_t i = 0; i < pixels; ++i) {
    const float whole = static_cast<float>(1 - smooth_step(-0.03, 0.05, gap[i] - tears_at));
    const float beneath = (1 - layer.cover[i]) * whole;
    layer.eosin[i] += beneath * collagen[i];
    layer.haematoxylin[i] += beneath * 0.15F * collagen[i];
    layer.cover[i] = 1;
  }
}

void paint_spindle_cells(TissueLayer& layer, SplitMix64& random, const FibreField& fibres, int count) {
  const NucleusHabit habit = spindle_nuclei();
  for (int i = 0; i < count; ++i) {
    const Point at = random_place(random, layer);
    const Nucleus nucleus = random_nucleus(random, habit, at, fibres.direction_at(at));
    paint_nucleus(layer, nucleus);
  }
}

void paint_lymphocytes(TissueLayer& layer, SplitMix64& random, Point centre, double spread_um, int count) {
  const NucleusHabit habit = lymphocyte_nuclei();
  for (int i = 0; i < count; ++i) {
    const double x = standard_normal(random);
    const Point at = centre + Point{x, standard_normal(random)} * spread_um;
    paint_nucleus(layer, random_nucleus(random, habit, at, unit_direction(random.uniform())));
  }
}

void paint_fat_cells(TissueLayer& layer, SplitMix64& random, Point centre, int count) {
  Point at = centre;
  double last_radius = 0;
  for (int i = 0; i < count; ++i) {
    const double radius = uniform_between(random, 11, 24);
    if (i > 0) at = at + unit_direction(random.uniform()) * (last_radius + radius);
    last_radius = radius;
    layer.paint(random_outline(random, at, radius, 1.15, 0.06), [](Point, double distance) { return Deposit{0, 0.30 * smooth_step(-1.6, -0.4, distance), 1}; });
  }
}

void paint_capillary(TissueLayer& layer, SplitMix64& random, Point centre) {
  const double radius = uniform_between(random, 6, 14);
  const Outline wall = random_outline(random, centre, radius, uniform_between(random, 1.1, 2.2), 0.1);
  layer.paint(wall, [](Point, double distance) {
    const double shell = smooth_step(-3.0, -2.0, distance);
    return Deposit{0.08 * shell, 0.42 * shell, 1};
  });
  const NucleusHabit flat = myoepithelial_nuclei();
  const int lining = 2 + static_cast<int>(random.below(3));
  for (int i = 0; i < lining; ++i) {
    const Point at = wall.boundary_point((i + random.uniform()) / lining, -1.2);
    const Point outwards = at - centre;
    const double distance = length(outwards);
    const Point tangent = {-outwards.y / distance, outwards.x / distance};
    paint_nucleus(layer, random_nucleus(random, flat, at, tangent));
  }
  const int blood_cells = static_cast<int>(random.below(14));
  for (int i = 0; i < blood_cells; ++i) {
    const double depth = 5.0 + uniform_between(random, 0, wall.semi_minor);
    const Point at = wall.boundary_point(random.uniform(), -depth);
    if (wall.signed_distance(at) > -4.5) continue;
    layer.paint(random_outline(random, at, 2.6, 1.1, 0.08), [](Point, double distance) {
      return Deposit{0, 0.62 + 0.12 * smooth_step(-2.0, -0.5, distance), 0.95};
    });
  }
}

}  // namespace lobule
