#include "png_integrity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "byte_order.h"

namespace lobule {
namespace {

constexpr std::size_t kSignatureBytes = 8;
constexpr std::size_t kChunkOverhead = 12;  // length, name, CRC
constexpr std::size_t kHeaderChunkBytes = 13;
constexpr std::uint32_t kMaxLength = 0x7FFFFFFF;  // of a chunk and of a side (section 7.1)

[[noreturn]] void refuse(const std::string& cause) { throw std::runtime_error("PNG " + cause); }

/// CRC-32 of ISO 3309 with eight tables, eight bytes a step (Kounavis & Berry 2005).
class Crc32 {
 public:
  Crc32() {
    for (std::uint32_t n = 0; n < 256; ++n) {
      std::uint32_t c = n;
      for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
      tables_[0][n] = c;
    }
    for (std::size_t t = 1; t < tables_.size(); ++t) {
      for (std::size_t n = 0; n < 256; ++n) {
        const std::uint32_t c = tables_[t - 1][n];
        tables_[t][n] = tables_[0][c & 0xFF] ^ (c >> 8);
      }
    }
  }

  std::uint32_t of(std::span<const std::byte> bytes) const {
    std::uint32_t crc = 0xFFFFFFFFU;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
      const std::uint32_t low = crc ^ little32_at(bytes, i);
      const std::uint32_t high = little32_at(bytes, i + 4);
      crc = tables_[7][low & 0xFF] ^ tables_[6][low >> 8 & 0xFF] ^ tables_[5][low >> 16 & 0xFF] ^ tables_[4][low >> 24] ^ tables_[3][high & 0xFF] ^
            tables_[2][high >> 8 & 0xFF] ^ tables_[1][high >> 16 & 0xFF] ^ tables_[0][high >> 24];
    }
    for (; i < bytes.size(); ++i) crc = tables_[0][(crc ^ byte_at(bytes, i)) & 0xFF] ^ (crc >> 8);
    return ~crc;
  }

 private:
  std::array<std::array<std::uint32_t, 256>, 8> tables_{};
};

struct Chunk {
  std::string name;  // four letters
  std::span<const std::byte> data;
  std::size_t end = 0;  // offset of the next chunk
};

Chunk read_chunk(std::span<const std::byte> encoded, std::size_t offset) {
  static const Crc32 crc;
  if (encoded.size() - offset < kChunkOverhead) refuse("is truncated");
  Chunk chunk;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint32_t letter = byte_at(encoded, offset + 4 + i);
    if (!(letter >= 'A' && letter <= 'Z') && !(letter >= 'a' && letter <= 'z')) {
      refuse("is damaged: no chunk at byte " + std::to_string(offset));
    }
    chunk.name += static_cast<char>(letter);
  }
  const std::size_t length = big32_at(encoded, offset);
  if (length > kMaxLength) refuse("chunk " + chunk.name + " has an impossible length");
  if (encoded.size() - offset - kChunkOverhead < length) refuse("is truncated");
  chunk.data = encoded.subspan(offset + 8, length);
  chunk.end = offset + kChunkOverhead + length;
  if (crc.of(encoded.subspan(offset + 4, 4 + length)) != big32_at(encoded, chunk.end - 4)) {
    refuse("is damaged: checksum of chunk " + chunk.name + " does not match");
  }
  return chunk;
}

Chunk read_header_chunk(std::span<const std::byte> encoded) {
  const Chunk chunk = read_chunk(encoded, kSignatureBytes);
  if (chunk.name == "CgBI") refuse("is Apple's own variant for iPhone programs (CgBI); save it as a standard PNG");
  if (chunk.name != "IHDR") refuse("does not begin with an IHDR chunk");
  if (chunk.data.size() != kHeaderChunkBytes) refuse("header has a wrong length");
  return chunk;
}

std::uint32_t bits_a_pixel(const Chunk& header) {
  constexpr std::array<std::uint32_t, 7> kChannels = {1, 0, 3, 1, 2, 0, 4};  // by colour type
  const std::uint32_t color_type = byte_at(header.data, 9);
  if (color_type >= kChannels.size()) refuse("has an unknown colour type");
  return kChannels[color_type] * byte_at(header.data, 8);
}

/// Deflate packs at most 258 bytes into two bits (RFC 1951), 1032 into one byte: a header cannot ask for the memory of an image that the file
/// is too small to hold.
void check_length(const Chunk& header, std::uint64_t compressed_bytes) {
  constexpr std::uint64_t kMostInflatedBytes = 1032;  // of one byte
  const std::uint64_t row_bytes = (std::uint64_t{big32_at(header.data, 0)} * bits_a_pixel(header) + 7) / 8;
  if (compressed_bytes * kMostInflatedBytes < row_bytes * big32_at(header.data, 4)) refuse("is damaged: it holds too few pixel data for its size");
}

bool depth_is_allowed(std::uint32_t color_type, std::uint32_t depth) {
  const bool whole_bytes = depth == 8 || depth == 16;
  const bool parts = depth == 1 || depth == 2 || depth == 4;
  switch (color_type) {
    case 0:  // grey
      return whole_bytes || parts;
    case 3:  // palette
      return depth == 8 || parts;
    case 2:  // RGB
    case 4:  // grey and alpha
    case 6:  // RGB and alpha
      return whole_bytes;
    default:
      return false;
  }
}

/// What the order of chunks depends on (section 5.6).
struct Seen {
  bool palette = false;
  bool transparency = false;
  bool pixels = false;
  bool pixels_ended = false;
};

void check_order(const Chunk& chunk, std::uint32_t color_type, Seen& seen) {
  const bool is_pixels = chunk.name == "IDAT";
  if (seen.pixels && !is_pixels) seen.pixels_ended = true;
  if (is_pixels) {
    if (seen.pixels_ended) refuse("has other chunks between its pixels");
    if (color_type == 3 && !seen.palette) refuse("lacks its palette");
    seen.pixels = true;
  } else if (chunk.name == "PLTE") {
    if (seen.palette || seen.pixels || seen.transparency) refuse("has a palette out of place");
    if (chunk.data.empty() || chunk.data.size() % 3 != 0 || chunk.data.size() > 768) refuse("palette has a wrong length");
    seen.palette = true;
  } else if (chunk.name == "tRNS") {
    if (seen.transparency || seen.pixels) refuse("has its transparency (tRNS) out of place");
    seen.transparency = true;
  } else if (chunk.name == "IHDR") {
    refuse("has two headers");
  } else if (chunk.name[0] >= 'A' && chunk.name[0] <= 'Z') {
    refuse("has an unknown critical chunk " + chunk.name);
  }
}

}  // namespace

ImageHeader read_png_header(std::span<const std::byte> encoded) {
  const Chunk chunk = read_header_chunk(encoded);
  const std::uint32_t width = big32_at(chunk.data, 0);
  const std::uint32_t height = big32_at(chunk.data, 4);
  if (width == 0 || height == 0) refuse("has no pixels");
  if (width > kMaxLength || height > kMaxLength) refuse("header has an impossible size");
  const std::uint32_t depth = byte_at(chunk.data, 8);
  const std::uint32_t color_type = byte_at(chunk.data, 9);
  if (!depth_is_allowed(color_type, depth)) {
    refuse("has colour type " + std::to_string(color_type) + " with " + std::to_string(depth) + " bits, which the format does not allow");
  }
  if (byte_at(chunk.data, 10) != 0 || byte_at(chunk.data, 11) != 0 || byte_at(chunk.data, 12) > 1) {
    refuse("has an unknown compression, filter or interlace method");
  }
  return {ImageFormat::png, static_cast<int>(width), static_cast<int>(height), 1};
}

void check_png(std::span<const std::byte> encoded) {
  const Chunk header = read_header_chunk(encoded);
  const std::uint32_t color_type = byte_at(header.data, 9);
  Seen seen;
  std::uint64_t compressed_bytes = 0;
  for (std::size_t offset = header.end;;) {
    const Chunk chunk = read_chunk(encoded, offset);
    if (chunk.name == "IEND") break;
    check_order(chunk, color_type, seen);
    if (chunk.name == "IDAT") compressed_bytes += chunk.data.size();
    offset = chunk.end;
  }
  if (!seen.pixels) refuse("holds no pixel data");
  check_length(header, compressed_bytes);
}

}  // namespace lobule
