#pragma once

#include <optional>

#include "channel.h"
#include "image_pyramid.h"
#include "lobule/quality.h"
#include "lobule/stain_view.h"

namespace lobule {

/// What one image's channels are drawn by. Empty until a channel needs it.
struct ChannelFacts {
  std::optional<ViewStains> stains;
  std::optional<TissueMask> tissue;
};

/// make_tile's pixels as the channel shows them; fills in the facts that it lacks. Throws as make_tile does.
RgbaPixels make_channel_tile(const Image& image, Channel channel, ChannelFacts& facts, int level, int x, int y);

}  // namespace lobule
