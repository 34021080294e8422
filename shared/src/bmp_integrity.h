#pragma once

#include <cstddef>
#include <span>

#include "lobule/decode.h"

namespace lobule {

/// Header of an uncompressed BMP of 1, 4, 8, 16, 24 or 32 bits a pixel, bottom-up or top-down. Throws std::runtime_error naming what
/// is not read (run-length coding, embedded JPEG or PNG, other headers).
ImageHeader read_bmp_header(std::span<const std::byte> encoded);

/// Whether the fourth byte of its pixels is alpha: only where the header gives it a mask. Elsewhere it is padding.
bool bmp_has_alpha(std::span<const std::byte> encoded);

/// All rows that the header promises lie inside the file. The file-size field is not believed: many programs write 0 there.
void check_bmp(std::span<const std::byte> encoded);

}  // namespace lobule
