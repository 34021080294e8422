#include "exif.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "byte_order.h"

namespace lobule {
namespace {

constexpr std::array<char, 6> kExifName = {'E', 'x', 'i', 'f', '\0', '\0'};
constexpr std::uint32_t kOrientationTag = 0x0112;
constexpr std::uint32_t kShortType = 3;
constexpr std::size_t kEntryBytes = 12;

}  // namespace

bool is_exif(std::span<const std::byte> segment) {
  return segment.size() >= kExifName.size() && std::memcmp(segment.data(), kExifName.data(), kExifName.size()) == 0;
}

int exif_orientation(std::span<const std::byte> segment) {
  const auto tiff = segment.subspan(kExifName.size());
  if (tiff.size() < 8) return 1;
  const std::uint32_t order = big16_at(tiff, 0);
  if (order != 0x4949 && order != 0x4D4D) return 1;  // "II", "MM"
  const bool little = order == 0x4949;
  const auto u16 = [&](std::size_t offset) { return little ? little16_at(tiff, offset) : big16_at(tiff, offset); };
  const auto u32 = [&](std::size_t offset) { return little ? little32_at(tiff, offset) : big32_at(tiff, offset); };
  const std::size_t directory = u32(4);
  if (u16(2) != 42 || directory < 8 || directory > tiff.size() - 2) return 1;  // no sum: it would wrap around in 32 bits
  const std::size_t entries = u16(directory);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + kEntryBytes * i;
    if (entry + kEntryBytes > tiff.size()) return 1;
    if (u16(entry) != kOrientationTag) continue;
    const std::uint32_t value = u16(entry + 8);
    const bool valid = u16(entry + 2) == kShortType && u32(entry + 4) == 1 && value >= 1 && value <= 8;
    return valid ? static_cast<int>(value) : 1;
  }
  return 1;
}

Image apply_orientation(Image image, int orientation) {
  if (orientation < 1 || orientation > 8) {
    throw std::logic_error("apply_orientation: " + std::to_string(orientation) + " is not 1..8");
  }
  if (orientation == 1) return image;
  const bool transposed = orientation >= 5;
  const std::ptrdiff_t width = image.width;
  const std::ptrdiff_t height = image.height;
  Image upright = transposed ? make_image(image.height, image.width) : make_image(image.width, image.height);

  // Source pixel of the result's first one, and the steps in the source for one pixel to the right and one down.
  const std::ptrdiff_t right = 1;
  const std::ptrdiff_t down = width;
  const std::ptrdiff_t last_column = width - 1;
  const std::ptrdiff_t last_row = width * (height - 1);
  struct Walk {
    std::ptrdiff_t start, across, along;
  };
  const std::array<Walk, 9> walks = {{
      {0, right, down},
      {0, right, down},
      {last_column, -right, down},              // 2: mirrored
      {last_row + last_column, -right, -down},  // 3: upside down
      {last_row, right, -down},                 // 4: mirrored top to bottom
      {0, down, right},                         // 5: transposed
      {last_row, -down, right},                 // 6: to be turned clockwise
      {last_row + last_column, -down, -right},  // 7: transposed along the other diagonal
      {last_column, down, -right},              // 8: to be turned counter-clockwise
  }};
  const Walk walk = walks[static_cast<std::size_t>(orientation)];
  std::uint8_t* out = upright.rgb.data();
  for (int y = 0; y < upright.height; ++y) {
    std::ptrdiff_t source = walk.start + y * walk.along;
    for (int x = 0; x < upright.width; ++x, out += 3, source += walk.across) {
      std::memcpy(out, image.rgb.data() + 3 * source, 3);
    }
  }
  return upright;
}

}  // namespace lobule
