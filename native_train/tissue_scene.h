#pragma once

#include <cstdint>

#include "lobule/image.h"
#include "tissue_stain.h"

namespace lobule {

/// How a subtype's epithelium is laid out. Both classes have a small-glanded and a large-glanded subtype of the same sizes.
struct TissueHabit {
  double radius_low = 17;  // of a gland, micrometres
  double radius_high = 30;
};

struct TissueScene {
  int width = 0;   // pixels
  int height = 0;  // pixels
  double um_per_pixel = 1;
  double grade = 0;  // 0: normal breast, 1: high-grade carcinoma
  TissueHabit habit;
  StainRecipe stain;
  std::uint64_t seed = 0;  // everything else
};

/// A synthetic field of view of H&E-stained breast tissue. How much nucleus, clear space and stain it holds is drawn without looking at the
/// grade, so that only shape and arrangement tell the class.
Image draw_tissue(const TissueScene& scene);

}  // namespace lobule
