#include "image_pyramid.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "lobule/resize.h"

namespace lobule {
namespace {

constexpr int kLargestLevel = 16;  // 2^16 pixels: beyond any image that is decoded

/// Mean of a block of source pixels, one channel after the other, written as RGBA.
void write_block_mean(const Image& image, int left, int top, int right, int bottom, std::uint8_t* rgba) {
  std::uint64_t sum[3] = {0, 0, 0};
  for (int y = top; y < bottom; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width);
    const std::uint8_t* pixel = image.rgb.data() + 3 * (row + static_cast<std::size_t>(left));
    for (int x = left; x < right; ++x, pixel += 3) {
      for (int channel = 0; channel < 3; ++channel) sum[channel] += pixel[channel];
    }
  }
  const auto count = static_cast<std::uint64_t>(right - left) * static_cast<std::uint64_t>(bottom - top);
  for (int channel = 0; channel < 3; ++channel) {
    rgba[channel] = static_cast<std::uint8_t>((sum[channel] + count / 2) / count);
  }
  rgba[3] = 255;
}

int level_side(int side, int level) { return (side + (1 << level) - 1) >> level; }

}  // namespace

RgbaPixels make_tile(const Image& image, int level, int x, int y) {
  const bool level_exists = level >= 0 && level <= kLargestLevel;
  const int level_width = level_exists ? level_side(image.width, level) : 0;
  const int level_height = level_exists ? level_side(image.height, level) : 0;
  if (x < 0 || y < 0 || x > level_width / kTileSide || y > level_height / kTileSide || x * kTileSide >= level_width || y * kTileSide >= level_height) {
    throw std::runtime_error("no tile " + std::to_string(x) + "," + std::to_string(y) + " at level " + std::to_string(level));
  }
  RgbaPixels tile;
  tile.width = std::min(kTileSide, level_width - x * kTileSide);
  tile.height = std::min(kTileSide, level_height - y * kTileSide);
  tile.rgba.resize(std::size_t{4} * static_cast<std::size_t>(tile.width) * static_cast<std::size_t>(tile.height));
  std::uint8_t* out = tile.rgba.data();
  for (int row = 0; row < tile.height; ++row) {
    const int top = (y * kTileSide + row) << level;
    const int bottom = std::min(top + (1 << level), image.height);
    for (int column = 0; column < tile.width; ++column, out += 4) {
      const int left = (x * kTileSide + column) << level;
      write_block_mean(image, left, top, std::min(left + (1 << level), image.width), bottom, out);
    }
  }
  return tile;
}

RgbaPixels make_thumbnail(const Image& image, int side) {
  const int longest = std::max(image.width, image.height);
  if (side <= 0 || longest <= 0) throw std::runtime_error("a thumbnail needs a size");
  const auto scaled = [&](int length) { return longest <= side ? length : std::max(1, static_cast<int>(std::int64_t{length} * side / longest)); };
  const int width = scaled(image.width);
  const int height = scaled(image.height);
  const Image small = resize_image(image, width, height, ResizeFilter::bilinear);
  RgbaPixels pixels{width, height, {}};
  pixels.rgba.reserve(small.rgb.size() / 3 * 4);
  for (std::size_t i = 0; i < small.rgb.size(); i += 3) {
    pixels.rgba.insert(pixels.rgba.end(), {small.rgb[i], small.rgb[i + 1], small.rgb[i + 2], 255});
  }
  return pixels;
}

}  // namespace lobule
