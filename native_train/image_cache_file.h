#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lobule {

/// An image of a cache file.
struct CachedImage {
  static constexpr std::uint64_t kNoSlot = ~std::uint64_t{0};

  std::string path;                   // relative to the data set's root
  std::uint64_t file_bytes = 0;       // of its file when it was decoded
  std::int64_t mtime_ns = 0;          // the same: nanoseconds since 1970
  std::uint64_t slot = kNoSlot;       // which place its pixels have; kNoSlot: it could not be read
  std::uint64_t pixels_checksum = 0;  // xxhash64 of the bytes at that place
  std::uint64_t perceptual_hash = 0;  // of the image as decoded
  std::string pixel_sha256;           // the same; 64 digits, empty without a slot
};

/// What stands in front of a cache file's pixels: [slots, height, width, 3] bytes, beginning at data_offset.
struct ImageCacheHeader {
  std::uint32_t width = 0;          // pixels
  std::uint32_t height = 0;         // pixels
  std::string key_sha256;           // of all that decides what the file holds, but the images themselves
  std::uint64_t slots = 0;          // places for pixels
  std::uint64_t data_offset = 0;    // a multiple of kCacheAlignment
  std::vector<CachedImage> images;  // by path, each once; no two in one slot
};

inline constexpr std::uint64_t kCacheAlignment = 4096;  // bytes, a page: the pixels are mapped
inline constexpr std::size_t kCacheHeadBytes = 176;     // say how long the table behind them is
inline constexpr std::uint64_t kMaxCacheTableBytes = 1U << 30;

/// 3 * width * height.
std::uint64_t slot_bytes(const ImageCacheHeader& header);
/// Bytes of the whole file.
std::uint64_t cache_file_bytes(const ImageCacheHeader& header);
/// A multiple of kCacheAlignment behind head and table, however many of the images get no slot.
std::uint64_t cache_data_offset(const std::vector<std::string>& paths);

/// Head and table with their SHA-256. Throws std::logic_error when they reach beyond data_offset.
std::string serialize_image_cache_header(const ImageCacheHeader& header);

/// How many bytes head and table take together, out of the first kCacheHeadBytes of a file of so many bytes. Throws std::runtime_error with the cause, without a
/// file name, when it is no cache file, of another version, or they do not fit into it.
std::size_t image_cache_header_bytes(std::string_view head, std::uint64_t file_bytes);

/// Reads head and table (`bytes` may be longer). Everything is checked: digest, sizes against file_bytes, order, slots. Throws as image_cache_header_bytes does.
ImageCacheHeader parse_image_cache_header(std::string_view bytes, std::uint64_t file_bytes);

}  // namespace lobule
