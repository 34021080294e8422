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
};

/// Antialiased separable resampling in fixed point (22 bits after the point): the same bytes as Pillow's
/// Image.resize((width, height), BILINEAR | BICUBIC, box=...) without reducing_gap. Source: Pillow's Resample.c.
/// Throws std::logic_error when the box does not lie inside the image or a size is not positive.
Image resize_image(const Image& image, int width, int height, ResizeFilter filter);
Image resize_image(const Image& image, const PixelBox& box, int width, int height, ResizeFilter filter);

}  // namespace lobule
