#pragma once

#include <cstddef>
#include <span>

#include "lobule/decode.h"

namespace lobule {

/// The format by its first bytes. Throws std::runtime_error naming what the file is instead and, where there is one, the way to
/// convert it.
ImageFormat recognise_format(std::span<const std::byte> encoded);

}  // namespace lobule
