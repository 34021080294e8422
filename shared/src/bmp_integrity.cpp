#include "bmp_integrity.h"

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include "byte_order.h"

namespace lobule {
namespace {

constexpr std::size_t kFileHeaderBytes = 14;
constexpr std::uint32_t kBitFields = 3;

[[noreturn]] void refuse(const std::string& cause) { throw std::runtime_error("BMP " + cause); }

struct BmpLayout {
  std::uint32_t info_bytes = 0;  // 12 (OS/2), 40, 56, 108 (v4), 124 (v5)
  std::uint32_t pixel_offset = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;  // pixels, top-down or not
  std::uint32_t bits = 0;   // a pixel
  std::uint32_t compression = 0;
};

void check_compression(std::uint32_t compression, std::uint32_t bits) {
  if (compression == 1 || compression == 2) refuse("is run-length coded (RLE), which is not read; save it as PNG");
  if (compression == 4 || compression == 5) refuse("holds an embedded JPEG or PNG, which is not read");
  if (compression > kBitFields) refuse("has unknown compression " + std::to_string(compression));
  if (compression == kBitFields && bits != 16 && bits != 32) refuse("has colour masks at " + std::to_string(bits) + " bits");
}

BmpLayout read_layout(std::span<const std::byte> encoded) {
  if (encoded.size() < kFileHeaderBytes + 12) refuse("is truncated");
  BmpLayout layout;
  layout.pixel_offset = little32_at(encoded, 10);
  layout.info_bytes = little32_at(encoded, 14);
  const std::uint32_t info = layout.info_bytes;
  if (info != 12 && info != 40 && info != 56 && info != 108 && info != 124) {
    refuse("has an unknown header of " + std::to_string(info) + " bytes");
  }
  if (encoded.size() < kFileHeaderBytes + info) refuse("is truncated");
  std::uint32_t planes = 0;
  if (info == 12) {
    layout.width = little16_at(encoded, 18);
    layout.height = little16_at(encoded, 20);
    planes = little16_at(encoded, 22);
    layout.bits = little16_at(encoded, 24);
  } else {
    layout.width = static_cast<std::int32_t>(little32_at(encoded, 18));
    const std::int64_t height = static_cast<std::int32_t>(little32_at(encoded, 22));
    layout.height = height < 0 ? -height : height;  // negative: rows from the top
    planes = little16_at(encoded, 26);
    layout.bits = little16_at(encoded, 28);
    layout.compression = little32_at(encoded, 30);
  }
  if (planes != 1) refuse("header is damaged: it has " + std::to_string(planes) + " colour planes");
  if (layout.width <= 0 || layout.height == 0) refuse("has no pixels");
  if (layout.height > std::numeric_limits<std::int32_t>::max()) refuse("header has an impossible size");
  const std::uint32_t bits = layout.bits;
  check_compression(layout.compression, bits);
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
    refuse("has " + std::to_string(bits) + " bits a pixel, which is not read");
  }
  return layout;
}

}  // namespace

ImageHeader read_bmp_header(std::span<const std::byte> encoded) {
  const BmpLayout layout = read_layout(encoded);
  return {ImageFormat::bmp, static_cast<int>(layout.width), static_cast<int>(layout.height), 1};
}

bool bmp_has_alpha(std::span<const std::byte> encoded) {
  const BmpLayout layout = read_layout(encoded);
  constexpr std::size_t kAlphaMaskOffset = kFileHeaderBytes + 52;
  return layout.compression == kBitFields && layout.info_bytes >= 56 && little32_at(encoded, kAlphaMaskOffset) != 0;
}

void check_bmp(std::span<const std::byte> encoded) {
  const BmpLayout layout = read_layout(encoded);
  const std::int64_t row_bytes = (layout.width * layout.bits + 31) / 32 * 4;  // rows end on 4-byte boundaries
  const std::int64_t size = static_cast<std::int64_t>(encoded.size());
  if (layout.pixel_offset < kFileHeaderBytes + layout.info_bytes) refuse("header is damaged: its pixels begin inside the header");
  // The last row's padding may be missing: some programs leave it out, and no pixel is in it.
  const std::int64_t last_row_bytes = (layout.width * layout.bits + 7) / 8;
  if (layout.pixel_offset + row_bytes * (layout.height - 1) + last_row_bytes > size) refuse("is truncated");
}

}  // namespace lobule
