#include "stb_decode.h"

#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

#include "image_format.h"

namespace {

/// Bytes that stb_image may still allocate in the call that runs on this thread: a small file can ask for gigabytes.
thread_local std::size_t memory_left = 0;

/// Kept before each block. 16 bytes: what malloc aligns to.
struct alignas(16) BlockHeader {
  std::size_t bytes;
};

/// Zeroed, so that a sample that a damaged file leaves out is the same everywhere and shows nothing of the process's memory.
void* allocate_zeroed(std::size_t bytes) {
  if (bytes > memory_left) return nullptr;
  auto* header = static_cast<BlockHeader*>(std::calloc(1, sizeof(BlockHeader) + bytes));
  if (header == nullptr) return nullptr;
  header->bytes = bytes;
  memory_left -= bytes;
  return header + 1;
}

void release(void* block) {
  if (block == nullptr) return;
  auto* header = static_cast<BlockHeader*>(block) - 1;
  memory_left += header->bytes;
  std::free(header);
}

void* reallocate_zeroed(void* block, std::size_t bytes) {
  if (block == nullptr) return allocate_zeroed(bytes);
  const std::size_t old_bytes = (static_cast<BlockHeader*>(block) - 1)->bytes;
  void* grown = allocate_zeroed(bytes);
  if (grown == nullptr) return nullptr;
  std::memcpy(grown, block, old_bytes < bytes ? old_bytes : bytes);
  release(block);
  return grown;
}

}  // namespace

#define STBI_MALLOC(bytes) allocate_zeroed(bytes)
#define STBI_REALLOC(block, bytes) reallocate_zeroed(block, bytes)
#define STBI_FREE(block) release(block)
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
// Sides are checked against DecodeLimits before; this only keeps stb's own sums inside 32 bits.
#define STBI_MAX_DIMENSIONS 65536
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

namespace lobule {
namespace {

/// Working memory beyond the pixels: tables, and blocks of 32 x 32 samples that a 1 x 1 image is padded to.
constexpr std::size_t kBaseBytes = std::size_t{32} << 20;
/// Interlaced 16-bit RGBA needs most: three copies of 8 bytes and the 8-bit result.
constexpr std::size_t kBytesPerPixel = 32;
/// PNG pixel data are gathered in a buffer that doubles.
constexpr std::size_t kBytesPerEncodedByte = 4;

/// stb's terse reason goes in brackets behind what it comes down to. Its PNG reader is asked first, and "bad png sig" is what it says of
/// every other format.
[[noreturn]] void refuse(ImageFormat format) {
  const char* reason = stbi_failure_reason();
  const bool known = reason != nullptr && std::strcmp(reason, "bad png sig") != 0;
  const std::string name = format_name(format);
  if (known && std::strcmp(reason, "outofmem") == 0) throw std::runtime_error(name + " needs more memory than an image of its size can");
  throw std::runtime_error(name + " pixel data are damaged" + (known ? " (" + std::string(reason) + ")" : ""));
}

}  // namespace

void FreeStbPixels::operator()(std::uint8_t* pixels) const { stbi_image_free(pixels); }

StbPixels decode_with_stb(std::span<const std::byte> encoded, const ImageHeader& header, int wanted_channels) {
  if (encoded.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw std::runtime_error("file is larger than 2 GiB");
  }
  const std::size_t pixels = static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height);
  memory_left = kBaseBytes + kBytesPerPixel * pixels + kBytesPerEncodedByte * encoded.size();
  stbi__g_failure_reason = nullptr;  // a reason of the call before
  StbPixels decoded;
  int channels_in_file = 0;
  decoded.samples.reset(stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(encoded.data()), static_cast<int>(encoded.size()), &decoded.width,
                                              &decoded.height, &channels_in_file, wanted_channels));
  if (!decoded.samples) refuse(header.format);
  if (decoded.width != header.width || decoded.height != header.height) {
    throw std::logic_error("decode_with_stb: size differs from the header");
  }
  decoded.channels = wanted_channels == 0 ? channels_in_file : wanted_channels;
  return decoded;
}

}  // namespace lobule
