#include "tissue_scene.h"

#include <algorithm>
#include <vector>

#include "tissue_glands.h"
#include "tissue_random.h"
#include "tissue_stroma.h"
#include "tissue_texture.h"

namespace lobule {
namespace {

/// What a scene aims at, drawn from one distribution for both classes.
struct SceneTargets {
  double nuclear_share = 0;              // of the field
  double open_share = 0;                 // of the field
  double haematoxylin_transmission = 0;  // mean share of green light that passes one stain alone
  double eosin_transmission = 0;
};

SceneTargets random_targets(SplitMix64& random) {
  SceneTargets targets;
  targets.nuclear_share = uniform_between(random, 0.15, 0.25);
  targets.open_share = uniform_between(random, 0.10, 0.24);
  targets.haematoxylin_transmission = 0.93 - 0.66 * targets.nuclear_share + uniform_between(random, -0.02, 0.02);
  targets.eosin_transmission = targets.open_share + (1 - targets.open_share) * uniform_between(random, 0.52, 0.62);
  return targets;
}

/// Clear space that is there, as a share of the field.
double open_share(const TissueLayer& layer) {
  std::size_t open = 0;
  for (std::size_t i = 0; i < layer.cover.size(); ++i) open += layer.is_open(i) ? 1 : 0;
  return static_cast<double>(open) / static_cast<double>(layer.cover.size());
}

double lumen_share(const Gland& gland, const TissueLayer& layer) {
  double area = 0;
  for (const Outline& lumen : gland.lumens) area += 3.14 * lumen.semi_major * lumen.semi_minor;
  return area / (layer.width_um() * layer.height_um());
}

double nuclear_share(const TissueLayer& layer) {
  constexpr float kNuclear = 0.4F;  // haematoxylin above every cytoplasm's
  std::size_t dark = 0;
  for (const float density : layer.haematoxylin) dark += density > kNuclear ? 1 : 0;
  return static_cast<double>(dark) / static_cast<double>(layer.haematoxylin.size());
}

/// Scales a stain until it lets through the wanted share of light. Matching density instead would let a few dark nuclei look as
/// bright as many pale ones.
void scale_to_transmission(std::vector<float>& plane, double density_per_stain, double transmission) {
  constexpr std::size_t kStep = 7;  // every seventh pixel is enough to know the mean
  double low = 0.5;
  double high = 2.0;
  for (int halvings = 0; halvings < 10; ++halvings) {
    const double gain = 0.5 * (low + high);
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < plane.size(); i += kStep, ++count) sum += portable_exp(-2.302585092994046 * density_per_stain * gain * plane[i]);
    (sum / count > transmission ? low : high) = gain;
  }
  for (float& value : plane) value = static_cast<float>(value * low);
}

Point random_place(SplitMix64& random, const TissueLayer& layer, double margin) {
  const double x = uniform_between(random, -margin, layer.width_um() + margin);
  return {x, uniform_between(random, -margin, layer.height_um() + margin)};
}

void paint_bystanders(TissueLayer& layer, SplitMix64& random, const FibreField& fibres) {
  const double area = layer.width_um() * layer.height_um() / 10000;  // in squares of 100 um
  paint_spindle_cells(layer, random, fibres, static_cast<int>(area * uniform_between(random, 3, 9)));
  const int clusters = static_cast<int>(random.below(3));
  for (int i = 0; i < clusters; ++i) {
    const Point at = random_place(random, layer, 0);
    const double spread = uniform_between(random, 12, 60);
    paint_lymphocytes(layer, random, at, spread, 3 + static_cast<int>(random.below(12)));
  }
  if (happens(random, 0.4)) {
    const Point at = random_place(random, layer, 0);
    paint_fat_cells(layer, random, at, 1 + static_cast<int>(random.below(4)));
  }
  const int capillaries = static_cast<int>(random.below(3));
  for (int i = 0; i < capillaries; ++i) paint_capillary(layer, random, random_place(random, layer, 0));
}

/// Glands at random places that do not run into each other, most of them in clusters (lobules, or fields of tumour), until the field
/// holds its share of nuclei. Lumens that would make it clearer than it is to be are filled with secretion.
void paint_epithelium(TissueLayer& layer, SplitMix64& random, const TissueScene& scene, const FibreField& fibres, const SceneTargets& targets) {
  const double share = targets.nuclear_share;
  const double single_cells = 0.45 * smooth_step(0.4, 0.9, scene.grade) * uniform_between(random, 0.3, 1.0);
  const double before = nuclear_share(layer);
  while (nuclear_share(layer) < before + single_cells * (share - before)) {
    const int cells = 2 + static_cast<int>(random.below(6));
    paint_cell_row(layer, random, fibres, random_place(random, layer, 5), cells, scene.grade);
  }
  std::vector<Outline> placed;
  const Point cluster = random_place(random, layer, 0);
  for (int tries = 0; tries < 600 && nuclear_share(layer) < share; ++tries) {
    double radius = uniform_between(random, scene.habit.radius_low, scene.habit.radius_high);
    if (placed.empty() && happens(random, 0.2)) radius *= 1.8;  // a duct
    const double x = standard_normal(random);
    const Point near_cluster = cluster + Point{x, standard_normal(random)} * 50;
    const Point at = happens(random, 0.6) ? near_cluster : random_place(random, layer, radius * 0.7);
    Gland gland = random_gland(random, at, radius, scene.grade);
    const double margin = uniform_between(random, 1, 5);
    const bool free = std::none_of(placed.begin(), placed.end(), [&](const Outline& other) {
      const double room = 0.5 * (other.semi_major + other.semi_minor + gland.outline.semi_major + gland.outline.semi_minor);
      return length(other.centre - at) < room + margin;
    });
    if (!free) continue;
    placed.push_back(gland.outline);
    if (open_share(layer) + lumen_share(gland, layer) > targets.open_share) {
      gland.secretion = std::max(gland.secretion, uniform_between(random, 0.14, 0.22));
    }
    paint_gland(layer, random, gland);
  }
}

}  // namespace

Image draw_tissue(const TissueScene& scene) {
  SplitMix64 random(scene.seed);
  TissueLayer layer(scene.width, scene.height, scene.um_per_pixel);
  const SceneTargets targets = random_targets(random);
  const FibreField fibres = random_fibres(random);
  paint_bystanders(layer, random, fibres);
  paint_epithelium(layer, random, scene, fibres, targets);
  lay_collagen(layer, fibres, uniform_between(random, 0.25, 0.45), targets.open_share);
  scale_to_transmission(layer.haematoxylin, 0.7, targets.haematoxylin_transmission);
  scale_to_transmission(layer.eosin, 0.87, targets.eosin_transmission);
  return photograph(layer, varied(random, scene.stain), random);
}

}  // namespace lobule
