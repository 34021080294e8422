#include "epoch_augmentation.h"

#include <algorithm>

#include "lobule/portable_math.h"

namespace lobule {
namespace {

constexpr std::uint64_t kBlendStream = 101;  // of an image's seed; appearance takes the first few

std::uint64_t image_seed(std::uint64_t seed, int epoch, std::size_t image) { return mix_seed(seed, static_cast<std::uint64_t>(epoch), image); }

/// Jöhnk's method (1964): every second try succeeds for alpha 1, more below.
double draw_beta(double alpha, SplitMix64& random) {
  while (true) {
    // 1 - uniform is never 0, and a root of it never log's -inf.
    const double x = portable_exp(portable_log(1 - random.uniform()) / alpha);
    const double y = portable_exp(portable_log(1 - random.uniform()) / alpha);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

}  // namespace

void draw_view(const EpochAugmentation& augmentation, std::size_t image, std::span<const std::uint8_t> rgb, int width, int height, Image& view) {
  const std::uint64_t seed = image_seed(augmentation.seed, augmentation.epoch, image);
  augment(rgb, width, height, augmentation.view, seed, view);
  if (changes_appearance(augmentation.appearance)) vary_appearance(view, augmentation.appearance, seed);
}

Blend draw_blend(const EpochAugmentation& augmentation, std::size_t image) {
  const Mixup& mixup = augmentation.mixup.value();
  SplitMix64 random(mix_seed(image_seed(augmentation.seed, augmentation.epoch, image), kBlendStream));
  const std::vector<std::size_t>& all = *mixup.epoch;
  const std::size_t partner = all[random.below(static_cast<std::uint32_t>(all.size()))];
  const double share = draw_beta(mixup.alpha, random);
  return {partner, std::max(share, 1 - share)};
}

}  // namespace lobule
