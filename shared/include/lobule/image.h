#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lobule {

/// An 8-bit sRGB image. Plain facts: whoever makes one keeps rgb.size() == 3 * width * height.
struct Image {
  int width = 0;                  // pixels
  int height = 0;                 // pixels
  std::vector<std::uint8_t> rgb;  // row-major from the top left, interleaved R, G, B
};

inline Image make_image(int width, int height) {
  return {width, height, std::vector<std::uint8_t>(std::size_t{3} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

}  // namespace lobule
