#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "lobule/appearance.h"
#include "lobule/augment.h"

namespace lobule {

/// Mixup (Zhang et al. 2018): an image is blended with a partner of the same epoch, and its loss with that of the partner's label.
struct Mixup {
  double alpha = 0;                                       // the own image's share comes from Beta(alpha, alpha); in (0, 1]
  std::shared_ptr<const std::vector<std::size_t>> epoch;  // the images that there are to choose from, by number
};

/// What is done to the images of one epoch. Keyed by (seed, epoch, image), so the same whichever thread or process does it, and in whichever order.
struct EpochAugmentation {
  AugmentOptions view;
  AppearanceOptions appearance;
  std::optional<Mixup> mixup;
  std::uint64_t seed = 0;
  int epoch = 0;
};

/// One random view of an image: `rgb`, row-major, interleaved. image: its number in the epoch. `view` has its size and memory already.
void draw_view(const EpochAugmentation& augmentation, std::size_t image, std::span<const std::uint8_t> rgb, int width, int height, Image& view);

struct Blend {
  std::size_t partner = 0;  // number of the image; its view is another one than that which the epoch shows by itself
  double share = 1;         // of the own image, in [0.5, 1], so that its label stays the larger one; the rest is the partner's
};

/// augmentation.mixup must be there.
Blend draw_blend(const EpochAugmentation& augmentation, std::size_t image);

}  // namespace lobule
