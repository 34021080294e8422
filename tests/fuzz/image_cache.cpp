#include <cstring>

#include "fuzz.h"
#include "image_cache_file.h"
#include "lobule/sha256.h"

using namespace lobule;

namespace {

constexpr std::size_t kMagicBytes = 8;
constexpr std::size_t kDigits = 64;

/// Of the whole file, as a head says: nothing of it is there but head and table.
std::uint64_t claimed_bytes(const std::string& bytes) {
  ImageCacheHeader header;
  std::memcpy(&header.width, bytes.data() + 136, 4);
  std::memcpy(&header.height, bytes.data() + 140, 4);
  std::memcpy(&header.slots, bytes.data() + 144, 8);
  std::memcpy(&header.data_offset, bytes.data() + 152, 8);
  return cache_file_bytes(header);
}

void check(const std::string& bytes, std::uint64_t file_bytes) {
  const auto header = fuzz::parsed([&] { return parse_image_cache_header(bytes, file_bytes); });
  if (!header) return;
  const std::string written = serialize_image_cache_header(*header);
  fuzz::require(bytes.compare(0, written.size(), written) == 0, "a header that parses is written as it was");
  fuzz::require(image_cache_header_bytes(bytes, file_bytes) == written.size(), "head and table have the length that the head says");
  for (const CachedImage& image : header->images) {
    if (image.slot == CachedImage::kNoSlot) continue;
    fuzz::require(header->data_offset + (image.slot + 1) * slot_bytes(*header) <= file_bytes, "an image's pixels lie within the file");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes = fuzz::text_of(data, size);
  check(bytes, size);
  if (size < kCacheHeadBytes) return 0;
  check(bytes, claimed_bytes(bytes));
  // A right digest: chance alone would never get behind the check of it. The table goes to the end.
  const std::uint64_t table_bytes = size - kCacheHeadBytes;
  std::memcpy(bytes.data() + kCacheHeadBytes - 8, &table_bytes, 8);
  bytes.replace(kMagicBytes, kDigits, sha256_hex(std::string_view(bytes).substr(kMagicBytes + kDigits)));
  check(bytes, claimed_bytes(bytes));
  return 0;
}
