#include "channel_tile.h"

#include <algorithm>

namespace lobule {
namespace {

/// Pixels whose middle lies on no tissue keep three tenths of their light.
void dim_background(RgbaPixels& tile, const TissueMask& tissue, int level, int x, int y) {
  const int half = (1 << level) / 2;
  std::uint8_t* pixel = tile.rgba.data();
  for (int row = 0; row < tile.height; ++row) {
    const int image_y = ((y * kTileSide + row) << level) + half;
    for (int column = 0; column < tile.width; ++column, pixel += 4) {
      const int image_x = ((x * kTileSide + column) << level) + half;
      if (tissue.at(image_x, image_y)) continue;
      for (int channel = 0; channel < 3; ++channel) pixel[channel] = static_cast<std::uint8_t>(pixel[channel] * 3 / 10);
    }
  }
}

StainChannel stain_channel(Channel channel) {
  if (channel == Channel::haematoxylin) return StainChannel::haematoxylin;
  return channel == Channel::eosin ? StainChannel::eosin : StainChannel::optical_density;
}

}  // namespace

RgbaPixels make_channel_tile(const Image& image, Channel channel, ChannelFacts& facts, int level, int x, int y) {
  RgbaPixels tile = make_tile(image, level, x, y);
  if (channel == Channel::as_scanned) return tile;
  if (channel == Channel::tissue) {
    if (!facts.tissue) facts.tissue = tissue_mask(image);
    dim_background(tile, *facts.tissue, level, x, y);
    return tile;
  }
  if (!facts.stains) facts.stains = view_stains(image);
  show_stain(tile.rgba, stain_channel(channel), facts.stains->stains);
  return tile;
}

}  // namespace lobule
