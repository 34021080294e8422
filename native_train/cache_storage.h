#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "image_cache_file.h"

namespace lobule {

/// A cache file that was verified and lies in memory.
struct OpenCache {
  ImageCacheHeader header;
  std::shared_ptr<const std::uint8_t> mapping;  // of the whole file

  std::span<const std::uint8_t> pixels(const CachedImage& image) const;
  /// Nothing when the file does not know the path.
  const CachedImage* find(const std::string& path) const;
};

/// Opens a file and verifies it; nothing when there is none. Throws std::runtime_error "FILE: CAUSE" when it is damaged, cut short or of another key or shape.
/// Its bytes are read, not mapped, until their size and checksums are known to be right: a mapping that reaches beyond its file kills the process.
std::optional<OpenCache> open_cache(const std::filesystem::path& file, const std::string& key_sha256, int threads);

/// Held by whoever builds a cache file; others wait in the constructor. Ends with the object, or with the process however that dies.
class CacheLock {
 public:
  /// Throws std::runtime_error when the lock file cannot be made.
  explicit CacheLock(const std::filesystem::path& file);
  ~CacheLock();
  CacheLock(const CacheLock&) = delete;
  CacheLock& operator=(const CacheLock&) = delete;

 private:
  int descriptor_;
};

/// A cache file that is being written, under another name until finish(). To be made while its CacheLock is held: what a killed process left is overwritten.
class CacheWriter {
 public:
  /// Room for the whole file, so that a full disk is known now. Throws std::runtime_error "FILE: cannot write: CAUSE".
  CacheWriter(const std::filesystem::path& file, std::uint64_t bytes);
  ~CacheWriter();
  CacheWriter(const CacheWriter&) = delete;
  CacheWriter& operator=(const CacheWriter&) = delete;

  /// From any thread. Throws as the constructor does.
  void write(std::uint64_t offset, std::span<const std::uint8_t> bytes);
  /// fsync, rename, fsync of the folder. Throws as the constructor does.
  void finish();

 private:
  [[noreturn]] void fail(int error) const;

  std::filesystem::path file_;
  std::filesystem::path temporary_;
  int descriptor_;
};

}  // namespace lobule
