#pragma once

#include <string>

#include "lobule/image.h"

namespace lobule {

/// Lossless PNG (stb_image_write with fixed settings: equal pixels give equal bytes, in every build).
std::string encode_png(const Image& image);

/// Baseline JPEG of a quality in 1..100, colours at half resolution up to 90 (stb_image_write; equal pixels give equal bytes, in every build).
std::string encode_jpeg(const Image& image, int quality);

}  // namespace lobule
