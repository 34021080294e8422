#include "cache_storage.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "parallel_for.h"
#include "xxhash64.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

constexpr mode_t kOwnerOnly = 0600;  // pixels of patients

std::runtime_error cache_error(const fs::path& file, const std::string& what, int error) {
  return std::runtime_error(file.string() + ": " + what + ": " + std::generic_category().message(error));
}

/// Owns a file descriptor for as long as a file is opened.
struct OpenFile {
  int number;
  ~OpenFile() { ::close(number); }
};

void read_at(int descriptor, std::uint64_t offset, std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t got = ::pread(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw std::runtime_error("cannot be read: " + std::generic_category().message(errno));
    if (got == 0) throw std::runtime_error("it was cut short while it was read");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

std::string read_text_at(int descriptor, std::size_t bytes) {
  std::string text(bytes, '\0');
  read_at(descriptor, 0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return text;
}

void verify_pixels(int descriptor, const ImageCacheHeader& header, int threads) {
  parallel_for(header.images.size(), threads, [&](std::size_t i) {
    const CachedImage& image = header.images[i];
    if (image.slot == CachedImage::kNoSlot) return;
    thread_local std::vector<std::uint8_t> pixels;
    pixels.resize(static_cast<std::size_t>(slot_bytes(header)));
    read_at(descriptor, header.data_offset + image.slot * slot_bytes(header), pixels);
    if (xxhash64(pixels) != image.pixels_checksum) throw std::runtime_error("the pixels of " + image.path + " are damaged");
  });
}

OpenCache open_verified(int descriptor, const std::string& key_sha256, int threads) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) throw std::runtime_error("it is no regular file");
  const auto bytes = static_cast<std::uint64_t>(status.st_size);
  if (bytes < kCacheHeadBytes) throw std::runtime_error("it is cut short");
  const std::size_t front = image_cache_header_bytes(read_text_at(descriptor, kCacheHeadBytes), bytes);
  OpenCache cache;
  cache.header = parse_image_cache_header(read_text_at(descriptor, front), bytes);
  if (cache.header.key_sha256 != key_sha256) throw std::runtime_error("it holds other images than its name says");
  verify_pixels(descriptor, cache.header, threads);
  const auto length = static_cast<std::size_t>(bytes);
  void* address = ::mmap(nullptr, length, PROT_READ, MAP_SHARED, descriptor, 0);
  if (address == MAP_FAILED) throw std::runtime_error("cannot be mapped: " + std::generic_category().message(errno));
  cache.mapping = {static_cast<const std::uint8_t*>(address), [length](const std::uint8_t* mapped) { ::munmap(const_cast<std::uint8_t*>(mapped), length); }};
  return cache;
}

}  // namespace

std::span<const std::uint8_t> OpenCache::pixels(const CachedImage& image) const {
  return {mapping.get() + header.data_offset + image.slot * slot_bytes(header), static_cast<std::size_t>(slot_bytes(header))};
}

const CachedImage* OpenCache::find(const std::string& path) const {
  const auto found = std::lower_bound(header.images.begin(), header.images.end(), path,
                                      [](const CachedImage& image, const std::string& wanted) { return image.path < wanted; });
  return found != header.images.end() && found->path == path ? &*found : nullptr;
}

std::optional<OpenCache> open_cache(const fs::path& file, const std::string& key_sha256, int threads) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return std::nullopt;
  if (descriptor < 0) throw cache_error(file, "cannot read", errno);
  const OpenFile opened{descriptor};
  try {
    return open_verified(descriptor, key_sha256, threads);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

CacheLock::CacheLock(const fs::path& file) : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly)) {
  if (descriptor_ < 0) throw cache_error(file, "cannot write", errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) {
    std::cerr << "image cache: waiting for another process that decodes these images" << std::endl;
    while (::flock(descriptor_, LOCK_EX) != 0) {
      if (errno == EINTR) continue;
      const int error = errno;
      ::close(descriptor_);
      throw cache_error(file, "cannot lock", error);
    }
    return;
  }
  const int error = errno;
  ::close(descriptor_);
  throw cache_error(file, "cannot lock", error);
}

CacheLock::~CacheLock() { ::close(descriptor_); }

CacheWriter::CacheWriter(const fs::path& file, std::uint64_t bytes)
    : file_(file),
      temporary_(file.string() + ".part"),
      descriptor_(::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kOwnerOnly)) {
  if (descriptor_ < 0) throw cache_error(file, "cannot write", errno);
  const int error = ::posix_fallocate(descriptor_, 0, static_cast<off_t>(bytes));
  if (error != 0) {
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
    throw cache_error(file, "cannot write", error);
  }
}

CacheWriter::~CacheWriter() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void CacheWriter::fail(int error) const { throw cache_error(file_, "cannot write", error); }

void CacheWriter::write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

void CacheWriter::finish() {
  if (::fsync(descriptor_) != 0) fail(errno);
  if (::rename(temporary_.c_str(), file_.c_str()) != 0) fail(errno);
  ::close(descriptor_);
  descriptor_ = -1;
  const int folder = ::open(file_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  ::fsync(folder);  // some file systems cannot sync a folder; the file itself is whole then, too
  ::close(folder);
}

}  // namespace lobule
