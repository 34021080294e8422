#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "lobule/decode.h"

namespace lobule {

struct FreeStbPixels {
  void operator()(std::uint8_t* pixels) const;
};

/// stb_image's own answer: 8-bit samples, interleaved.
struct StbPixels {
  int width = 0;
  int height = 0;
  int channels = 0;  // 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
  std::unique_ptr<std::uint8_t[], FreeStbPixels> samples;
};

/// Decodes bytes whose integrity has been checked and whose header is known. wanted_channels 0: as the file has them.
/// Throws std::runtime_error when the compressed data are damaged or need more memory than an image of this size can.
StbPixels decode_with_stb(std::span<const std::byte> encoded, const ImageHeader& header, int wanted_channels);

}  // namespace lobule
