#pragma once

#include <cstdint>

#include "lobule/portable_math.h"
#include "tissue_layer.h"

namespace lobule {

/// What a population of nuclei looks like; each nucleus is drawn from it.
struct NucleusHabit {
  double radius = 3.6;          // mean, micrometres
  double radius_spread = 0.08;  // coefficient of variation
  double aspect = 1.3;          // long side to short side, mean
  double aspect_spread = 0.1;
  double waviness = 0.03;  // of the outline
  double darkness = 0.75;  // haematoxylin, mean
  double darkness_spread = 0.08;
  double open_chromatin = 0.1;  // share with a pale inside, a dark membrane and a nucleolus
};

struct Nucleus {
  Outline outline;
  double darkness = 0.75;
  bool open_chromatin = false;
  std::uint64_t texture = 0;
};

/// Epithelial nuclei at a malignancy grade in 0..1: small, even and oval at 0; large, uneven in size, shape and darkness at 1.
NucleusHabit epithelial_nuclei(double grade);
NucleusHabit myoepithelial_nuclei();
NucleusHabit spindle_nuclei();
NucleusHabit lymphocyte_nuclei();

/// Of the habit's population, its long side along the given unit vector.
Nucleus random_nucleus(SplitMix64& random, const NucleusHabit& habit, Point centre, Point long_axis);

void paint_nucleus(TissueLayer& layer, const Nucleus& nucleus);

}  // namespace lobule
