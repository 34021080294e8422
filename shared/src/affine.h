#pragma once

#include <cstdint>
#include <span>

#include "lobule/image.h"

namespace lobule {

/// Source position of an output position, both in pixels from the image's centre (x to the right, y down):
/// source = (xx * x + xy * y, yx * x + yy * y).
struct LinearMap {
  double xx = 1;
  double xy = 0;
  double yx = 0;
  double yy = 1;
};

/// Map of an image that is mirrored, then turned clockwise by degrees, then magnified by zoom.
LinearMap make_view(bool mirror_x, bool mirror_y, double degrees, double zoom);

/// The same map, from the centre of a view to that of an image, and onto this place of it, in pixels of the image from its centre.
struct ViewMap {
  LinearMap linear;
  double shift_x = 0;
  double shift_y = 0;
};

/// The image seen through the map, at its own size: bilinear between pixel centres, positions to 1/256 pixel, reflected beyond the
/// borders (the edge pixel counts twice).
Image sample_linear(const Image& image, const LinearMap& map);
/// The same of and into memory that is there already, row-major, interleaved, and apart: rgb of 3 * width * height bytes, and a view of any size.
void sample_linear(std::span<const std::uint8_t> rgb, int width, int height, const ViewMap& map, Image& view);

}  // namespace lobule
