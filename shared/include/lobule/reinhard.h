#pragma once

#include <array>

#include "lobule/image.h"

namespace lobule {

/// Mean and standard deviation of an image in Ruderman's l-alpha-beta: lightness, yellow-blue, red-green, from log10 of the cones' answers.
struct ColourStatistics {
  std::array<double, 3> mean{};
  std::array<double, 3> standard_deviation{};  // of the population
};

/// Over all pixels, glass too, as published. An image without pixels has zeros.
ColourStatistics colour_statistics(const Image& image);

/// The image with the target's mean and standard deviation of colour: Reinhard, Ashikhmin, Gooch & Shirley, "Color transfer between images", IEEE CG&A 21(5),
/// 2001. Samples of 0 count as 1, since their logarithm is taken. A channel that doesn't vary (one colour alone, near-white, near-black) is moved to the
/// target's mean and not stretched.
Image normalise_reinhard(const Image& image, const ColourStatistics& target);

}  // namespace lobule
