#pragma once

#include <cstddef>
#include <span>

#include "lobule/decode.h"

namespace lobule {

/// Segments up to the first scan: size, coding, EXIF orientation. Throws std::runtime_error with the cause.
ImageHeader read_jpeg_header(std::span<const std::byte> encoded);

/// Walks all segments and scans up to EOI (ITU-T T.81 annex B): tables are there before a scan uses them, restart markers come in
/// order and number, every component is coded to its last bit. Bytes after EOI are tolerated: cameras append previews.
/// Throws std::runtime_error with the cause.
void check_jpeg(std::span<const std::byte> encoded);

}  // namespace lobule
