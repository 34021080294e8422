#pragma once

#include <cstddef>
#include <span>

/// Decodes a PNG, JPEG or BMP with stb_image without our patches, limits and checks, with the vector code that it has for this machine;
/// returns its first sample. What the core's decoding is measured against.
unsigned char decode_with_stb_as_it_comes(std::span<const std::byte> encoded);
