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

/// "PNG", "JPEG", "BMP".
const char* format_name(ImageFormat format);

struct ImageHeader {
  ImageFormat format = ImageFormat::png;
  int width = 0;  // pixels, as stored (before EXIF orientation)
  int height = 0;
  int exif_orientation = 1;  // 1..8, JPEG only
};

/// Reads and checks the header alone. Throws std::runtime_error with the cause ("PNG is 20000x20000 pixels; the limit is
/// 8192 a side"), never with a file name: the caller knows it and puts it in front.
ImageHeader read_image_header(std::span<const std::byte> encoded, const DecodeLimits& limits = {});

/// Decodes PNG, JPEG or BMP to RGB after the integrity pre-check (PNG chunk CRCs up to IEND and the checksum of what they inflate to, a
/// JPEG marker walk up to EOI, every coefficient to its last bit, the size of a BMP), so that a half-downloaded file is refused and never
/// shown as if it were whole. What no format shows is not seen: most single bits flipped in a JPEG's entropy-coded data, any in a BMP's pixels.
/// Memory: at most 32 MiB, 32 bytes a pixel and 4 bytes an encoded byte, and no more pixels than the encoded bytes can hold. A JPEG may have
/// 100 scans, and 1e9 pixels in all scans together.
/// PNG and BMP pixels are exact. JPEG pixels are stb_image's, the same bits in every build; libjpeg-turbo's differ by at most 3 steps of
/// 0..255, in the mean by less than 0.25 (tests/python/test_decode_references.py).
/// 16-bit samples keep their high byte, alpha is composed over white (rounded half up), grey and palettes become RGB, gamma and
/// colour profiles are ignored, the EXIF orientation of a JPEG is applied. Throws std::runtime_error with the cause.
Image decode_image(std::span<const std::byte> encoded, const DecodeLimits& limits = {});

}  // namespace lobule
