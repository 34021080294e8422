#pragma once

#include <array>

#include "lobule/image.h"
#include "lobule/portable_math.h"
#include "tissue_layer.h"

namespace lobule {

/// One laboratory's slide under one microscope: what a patient's images share.
struct StainRecipe {
  std::array<double, 3> haematoxylin{};  // optical density of R, G, B: unit vector
  std::array<double, 3> eosin{};
  double haematoxylin_strength = 1;
  double eosin_strength = 1;
  std::array<double, 3> light{};  // clear glass, 0..255
  double blur_um = 0.4;           // standard deviation of the focus
  double shading = 0.05;          // light lost in the corners, as a share
  double noise = 1.0;             // of the camera, in 8-bit steps
};

StainRecipe random_stain(SplitMix64& random);

/// The same laboratory on another spot: strength and focus differ a little.
StainRecipe varied(SplitMix64& random, StainRecipe recipe);

/// Light through the stained layer, by Lambert-Beer: intensity = light * 10^-(H * h + E * e) (Ruifrok & Johnston 2001).
Image photograph(const TissueLayer& layer, const StainRecipe& recipe, SplitMix64& random);

}  // namespace lobule
