#pragma once

#include <string>

#include "lobule/image.h"

namespace lobule {

/// Lossless PNG (stb_image_write with fixed settings: equal pixels give equal bytes, in every build).
std::string encode_png(const Image& image);

}  // namespace lobule
