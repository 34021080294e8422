#pragma once

#include <cstdint>
#include <span>

#include "lobule/image.h"

namespace lobule {

/// How a training image is varied. Tissue has no up and no left: every angle and both mirrorings are as good as the original.
struct AugmentOptions {
  bool flips = true;              // mirrored left to right, and top to bottom, each with probability 1/2
  double rotation_degrees = 180;  // the angle is uniform in [-rotation_degrees, rotation_degrees]; 0..360
  double zoom = 1.25;             // magnification, uniform in [1 / zoom, zoom]; 1..100
};

/// One random view of the image, of the same size: flip, rotation and zoom about the centre composed into a single bilinear sampling
/// (each further one would blur), with the image reflected beyond its borders. seed: mix_seed(seed, epoch, index of the image), so that
/// the view depends on nothing else, not on the number of threads. The same bits on every machine.
/// Throws std::logic_error when the options or the image break the rules above.
Image augment(const Image& image, const AugmentOptions& options, std::uint64_t seed);
/// The same from memory that is there already, 3 * width * height bytes, row-major, interleaved, into a view of any size, as wide as the image where it is not
/// magnified. From an image that is larger than the view a magnified view shows any part, with the detail that is there; where it steps over pixels it is the
/// mean of several samples a pixel.
void augment(std::span<const std::uint8_t> rgb, int width, int height, const AugmentOptions& options, std::uint64_t seed, Image& view);

}  // namespace lobule
