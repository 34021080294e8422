#include "image_cache_file.h"

#include <bit>
#include <cstring>
#include <stdexcept>

#include "lobule/sha256.h"

namespace lobule {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie");

// The head: what it is, SHA-256 of all that follows, key (both as digits), width, height, slots, data offset, images, table bytes.
constexpr std::string_view kMagic = "lobuleI1";
constexpr std::size_t kDigits = 64;
constexpr std::size_t kSigned = kMagic.size() + kDigits;  // where what the digest covers begins
constexpr std::uint32_t kMaxSide = 8192;                  // pixels
constexpr std::uint64_t kMaxSlots = 1U << 26;
constexpr std::uint32_t kMaxPathBytes = 4096;
constexpr std::size_t kEntryBytes = 5 * 8 + 4 + kDigits;  // without the path
static_assert(kCacheHeadBytes == kSigned + kDigits + 2 * 4 + 4 * 8);

[[noreturn]] void refuse(const char* cause) { throw std::runtime_error(cause); }

template <typename Number>
void append(std::string& bytes, Number number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes.append(raw, sizeof number);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::string_view take(std::size_t bytes) {
    if (bytes > rest_.size()) refuse("its table is cut short");
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  template <typename Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool are_digits(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

struct Head {
  ImageCacheHeader header;  // without its images
  std::uint64_t images = 0;
  std::uint64_t table_bytes = 0;
};

Head parse_head(std::string_view bytes, std::uint64_t file_bytes) {
  if (bytes.size() < kCacheHeadBytes || bytes.substr(0, kMagic.size()) != kMagic) refuse("not an image cache of this version of lobule");
  Reader reader(bytes.substr(kSigned, kCacheHeadBytes - kSigned));
  Head head;
  head.header.key_sha256 = reader.take(kDigits);
  head.header.width = reader.number<std::uint32_t>();
  head.header.height = reader.number<std::uint32_t>();
  head.header.slots = reader.number<std::uint64_t>();
  head.header.data_offset = reader.number<std::uint64_t>();
  head.images = reader.number<std::uint64_t>();
  head.table_bytes = reader.number<std::uint64_t>();
  const ImageCacheHeader& header = head.header;
  // Bounded one after the other, so that no product below can overflow.
  if (header.width < 1 || header.width > kMaxSide || header.height < 1 || header.height > kMaxSide || header.slots > kMaxSlots ||
      header.data_offset % kCacheAlignment != 0 || head.table_bytes > kMaxCacheTableBytes || header.data_offset < kCacheHeadBytes + head.table_bytes ||
      header.data_offset > file_bytes || head.images > head.table_bytes / kEntryBytes) {
    refuse("its sizes contradict each other");
  }
  if (cache_file_bytes(header) != file_bytes) refuse("it is cut short, or longer than it says");
  return head;
}

CachedImage read_image(Reader& reader, std::uint64_t slots) {
  CachedImage image;
  image.file_bytes = reader.number<std::uint64_t>();
  image.mtime_ns = reader.number<std::int64_t>();
  image.slot = reader.number<std::uint64_t>();
  image.pixels_checksum = reader.number<std::uint64_t>();
  image.perceptual_hash = reader.number<std::uint64_t>();
  const auto path_bytes = reader.number<std::uint32_t>();
  const std::string_view digits = reader.take(kDigits);
  if (path_bytes == 0 || path_bytes > kMaxPathBytes) refuse("its table names an image without a path, or with one that is too long");
  image.path = reader.take(path_bytes);
  if (image.slot == CachedImage::kNoSlot) {
    if (image.pixels_checksum != 0 || image.perceptual_hash != 0 || digits != std::string(kDigits, '0'))
      refuse("its table knows pixels of an unreadable image");
  } else {
    if (image.slot >= slots) refuse("its table points outside the file");
    if (!are_digits(digits)) refuse("its table holds no pixel hash where one must be");
    image.pixel_sha256 = digits;
  }
  return image;
}

}  // namespace

std::uint64_t slot_bytes(const ImageCacheHeader& header) { return std::uint64_t{3} * header.width * header.height; }

std::uint64_t cache_file_bytes(const ImageCacheHeader& header) { return header.data_offset + header.slots * slot_bytes(header); }

std::uint64_t cache_data_offset(const std::vector<std::string>& paths) {
  std::uint64_t bytes = kCacheHeadBytes;
  for (const std::string& path : paths) bytes += kEntryBytes + path.size();
  return (bytes + kCacheAlignment - 1) / kCacheAlignment * kCacheAlignment;
}

std::string serialize_image_cache_header(const ImageCacheHeader& header) {
  std::string table;
  for (const CachedImage& image : header.images) {
    append(table, image.file_bytes);
    append(table, image.mtime_ns);
    append(table, image.slot);
    append(table, image.pixels_checksum);
    append(table, image.perceptual_hash);
    append(table, static_cast<std::uint32_t>(image.path.size()));
    table += image.pixel_sha256.empty() ? std::string(kDigits, '0') : image.pixel_sha256;
    table += image.path;
  }
  std::string covered = header.key_sha256;
  append(covered, header.width);
  append(covered, header.height);
  append(covered, header.slots);
  append(covered, header.data_offset);
  append(covered, static_cast<std::uint64_t>(header.images.size()));
  append(covered, static_cast<std::uint64_t>(table.size()));
  covered += table;
  if (kSigned + covered.size() > header.data_offset) throw std::logic_error("image cache: the table reaches into the pixels");
  return std::string(kMagic) + sha256_hex(covered) + covered;
}

std::size_t image_cache_header_bytes(std::string_view head, std::uint64_t file_bytes) {
  return kCacheHeadBytes + static_cast<std::size_t>(parse_head(head, file_bytes).table_bytes);
}

ImageCacheHeader parse_image_cache_header(std::string_view bytes, std::uint64_t file_bytes) {
  Head head = parse_head(bytes, file_bytes);
  if (bytes.size() < kCacheHeadBytes + head.table_bytes) refuse("its table is cut short");
  const std::string_view covered = bytes.substr(kSigned, kCacheHeadBytes - kSigned + static_cast<std::size_t>(head.table_bytes));
  if (bytes.substr(kMagic.size(), kDigits) != sha256_hex(covered)) refuse("its table is damaged: the digest differs");
  if (!are_digits(head.header.key_sha256)) refuse("its key is no digest");
  Reader reader(bytes.substr(kCacheHeadBytes, static_cast<std::size_t>(head.table_bytes)));
  std::vector<bool> taken(static_cast<std::size_t>(head.header.slots));
  for (std::uint64_t i = 0; i < head.images; ++i) {
    CachedImage image = read_image(reader, head.header.slots);
    if (!head.header.images.empty() && !(head.header.images.back().path < image.path)) refuse("its table is not sorted");
    if (image.slot != CachedImage::kNoSlot) {
      if (taken[static_cast<std::size_t>(image.slot)]) refuse("its table has two images in one place");
      taken[static_cast<std::size_t>(image.slot)] = true;
    }
    head.header.images.push_back(std::move(image));
  }
  if (!reader.at_end()) refuse("its table is longer than its images");
  return std::move(head.header);
}

}  // namespace lobule
