#pragma once

#include <cstdint>
#include <vector>

#include "lobule/image.h"

namespace lobule {

/// What quality is measured on: box means of `reduction` x `reduction` pixels. Pixels at the right and bottom that fill no box are left out.
struct ReducedImage {
  int reduction = 1;
  int width = 0;  // boxes
  int height = 0;
  std::vector<std::uint8_t> luminance;  // of every box, row-major: (77 R + 150 G + 29 B) / 256 of the mean, rounded down (ITU-R BT.601)
  int colour_step = 1;                  // the boxes whose colour is kept: every first or every second one, across and down
  std::vector<std::uint8_t> rgb;        // their means, rounded half up, interleaved; row-major
};

constexpr int luminance_of(int red, int green, int blue) { return (77 * red + 150 * green + 29 * blue) >> 8; }

/// image must have pixels.
ReducedImage reduce_image(const Image& image);

}  // namespace lobule
