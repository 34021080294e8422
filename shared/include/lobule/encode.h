#pragma once

#include <string>

#include "lobule/image.h"

namespace lobule {

/// Lossless PNG (stb_image_write, filter and level fixed, so that equal pixels give equal bytes).
std::string encode_png(const Image& image);

}  // namespace lobule
