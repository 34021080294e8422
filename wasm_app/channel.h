#pragma once

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace lobule {

/// What the viewer shows of an image: its colours, one stain, its optical density, or what quality counts as tissue (the rest dimmed).
enum class Channel { as_scanned, haematoxylin, eosin, optical_density, tissue };

/// Their names between page, worker and modules, in the order of the enumeration.
inline constexpr std::array<const char*, 5> kChannelKeys = {"as_scanned", "haematoxylin", "eosin", "optical_density", "tissue"};

inline const char* channel_key(Channel channel) { return kChannelKeys[static_cast<std::size_t>(channel)]; }

/// Throws std::runtime_error for a name that is none.
inline Channel channel_of(std::string_view key) {
  const auto found = std::find(kChannelKeys.begin(), kChannelKeys.end(), key);
  if (found == kChannelKeys.end()) throw std::runtime_error("there is no channel \"" + std::string(key) + "\"");
  return static_cast<Channel>(found - kChannelKeys.begin());
}

inline Channel next_channel(Channel channel) { return static_cast<Channel>((static_cast<std::size_t>(channel) + 1) % kChannelKeys.size()); }

}  // namespace lobule
