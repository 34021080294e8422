#pragma once

#include <cstdint>
#include <vector>

#include "lobule/image.h"

namespace lobule {

inline constexpr int kTileSide = 512;  // pixels

/// What the viewer draws: 8-bit RGBA, alpha 255, row-major.
struct RgbaPixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;
};

/// Tile (x, y) of a level: level 0 is the image, level n has ceil(side / 2^n) pixels a side, each the mean (rounded half up) of the
/// 2^n x 2^n source pixels under it, fewer at the edges. Pixels depend on the image alone, so neighbouring tiles meet without a seam.
/// Throws std::runtime_error when there is no such tile.
RgbaPixels make_tile(const Image& image, int level, int x, int y);

/// The whole image with its longest side at most `side` pixels, never enlarged.
RgbaPixels make_thumbnail(const Image& image, int side);

}  // namespace lobule
