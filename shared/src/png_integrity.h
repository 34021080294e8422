#pragma once

#include <cstddef>
#include <span>

#include "lobule/decode.h"

namespace lobule {

/// IHDR alone: size, colour type and depth that PNG allows. Throws std::runtime_error with the cause.
ImageHeader read_png_header(std::span<const std::byte> encoded);

/// Walks all chunks: names, lengths, CRCs, order, up to IEND (W3C PNG, section 5.6). Bytes after IEND are tolerated: they hold no
/// pixels. Throws std::runtime_error naming the chunk and the cause.
void check_png(std::span<const std::byte> encoded);

}  // namespace lobule
