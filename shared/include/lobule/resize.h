#pragma once

#include "lobule/image.h"

namespace lobule {

enum class ResizeFilter { bilinear, bicubic };

/// A rectangle of source pixels: [left, left + width) x [top, top + height).
struct PixelBox {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
  bool operator==(const PixelBox&) const = default;
};

/// Antialiased separable resampling in fixed point (22 bits after the point): the same bytes as Pillow's
/// Image.resize((width, height), BILINEAR | BICUBIC, box=...) without reducing_gap. Source: Resample.c of Pillow 13. (Older ones resize across
/// first even where the height shrinks most; a sample may then differ by one.)
/// Throws std::logic_error when the box does not lie inside the image or a size is not positive.
Image resize_image(const Image& image, int width, int height, ResizeFilter filter);
Image resize_image(const Image& image, const PixelBox& box, int width, int height, ResizeFilter filter);

}  // namespace lobule
