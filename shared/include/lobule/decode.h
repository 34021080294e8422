#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lobule/image.h"

namespace lobule {

/// What is refused before a pixel is allocated.
struct DecodeLimits {
  int max_side = 8192;                   // pixels
  std::int64_t max_pixels = 50'000'000;  // width * height
  int min_side = 16;                     // pixels; a dot blown up to a network's input would get an answer that means nothing
};

enum class ImageFormat { png, jpeg, bmp };

struct ImageHeader {
  ImageFormat format = ImageFormat::png;
  int width = 0;  // pixels, as stored (before EXIF orientation)
  int height = 0;
  int exif_orientation = 1;  // 1..8, JPEG only
};

/// Reads and checks the header alone. Throws std::runtime_error with the cause ("PNG is 20000x20000 pixels; the limit is
/// 8192 a side"), never with a file name: the caller knows it and puts it in front.
ImageHeader read_image_header(std::span<const std::byte> encoded, const DecodeLimits& limits = {});

/// Decodes PNG, JPEG or BMP to RGB after the integrity pre-check (PNG chunk CRCs up to IEND, a JPEG marker walk up to EOI, the
/// size of a BMP), so that a half-downloaded file is refused and never shown as if it were whole.
/// 16-bit samples keep their high byte, alpha is composed over white (rounded half up), grey and palettes become RGB, gamma and
/// colour profiles are ignored, the EXIF orientation of a JPEG is applied. Throws std::runtime_error with the cause.
Image decode_image(std::span<const std::byte> encoded, const DecodeLimits& limits = {});

}  // namespace lobule
