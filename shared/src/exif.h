#pragma once

#include <cstddef>
#include <span>

#include "lobule/image.h"

namespace lobule {

/// Whether an APP1 segment of a JPEG holds EXIF (XMP uses APP1, too).
bool is_exif(std::span<const std::byte> segment);

/// Orientation tag of an EXIF segment, 1..8; 1 (as stored) when it is absent or the EXIF is broken: many programs damage it, and
/// the pixels are whole nevertheless. CIPA DC-008.
int exif_orientation(std::span<const std::byte> segment);

/// The image as it is meant to be looked at: orientation 1..8 undone.
Image apply_orientation(Image image, int orientation);

}  // namespace lobule
