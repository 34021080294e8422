#include "image_cache.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <stdexcept>

#include "atomic_file.h"
#include "cache_storage.h"
#include "lobule/sha256.h"
#include "parallel_for.h"
#include "xxhash64.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

struct FileState {
  std::uint64_t bytes = 0;
  std::int64_t mtime_ns = 0;
};

/// Zeros for a file that is not there.
FileState state_of(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return {static_cast<std::uint64_t>(status.st_size), status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec};
}

bool is_unchanged(const CachedImage& image, const FileState& state) { return image.file_bytes == state.bytes && image.mtime_ns == state.mtime_ns; }

std::string cache_key(const Dataset& dataset, const InputSpec& spec) {
  std::error_code ignored;
  const fs::path absolute = fs::absolute(dataset.root, ignored);
  return sha256_hex("lobule images " + std::to_string(kImageCacheVersion) + "\n" + std::to_string(spec.width) + "x" + std::to_string(spec.height) + " " +
                    std::to_string(static_cast<int>(spec.fit)) + " " + std::to_string(static_cast<int>(spec.filter)) + "\n" +
                    fs::weakly_canonical(absolute, ignored).string());
}

/// An image of the file to be built.
struct PlannedImage {
  Sample sample;                      // path and file
  FileState state;                    // before it is decoded: a later change is seen the next time
  const CachedImage* kept = nullptr;  // in the old file, when its pixels are still right
};

class CacheLoader {
 public:
  CacheLoader(const Dataset& dataset, std::span<const std::size_t> chosen, const InputSpec& spec, const fs::path& folder, int threads)
      : dataset_(dataset), chosen_(chosen), spec_(spec), threads_(threads), key_(cache_key(dataset, spec)), file_(folder / (key_ + ".images")) {}

  LoadedImages load() {
    std::optional<OpenCache> cache = open(nullptr);
    if (!cache || !is_complete(*cache)) {
      create_folder(file_.parent_path());
      const CacheLock lock(file_.parent_path() / (key_ + ".lock"));
      cache = open(&std::cerr);  // another process may have built it meanwhile
      if (!cache || !is_complete(*cache)) {
        build(cache);
        cache = open_cache(file_, key_, threads_);
        if (!cache) throw std::runtime_error(file_.string() + ": vanished after it was written");
      }
    }
    return loaded(*cache);
  }

 private:
  /// Nothing when there is no file, or a damaged one, of which `log` is told.
  std::optional<OpenCache> open(std::ostream* log) const {
    try {
      std::optional<OpenCache> cache = open_cache(file_, key_, threads_);
      const auto as_asked = [&](const ImageCacheHeader& header) {
        return header.width == static_cast<std::uint32_t>(spec_.width) && header.height == static_cast<std::uint32_t>(spec_.height);
      };
      if (cache && !as_asked(cache->header)) throw std::runtime_error(file_.string() + ": its images have another size");
      return cache;
    } catch (const std::runtime_error& error) {
      if (log != nullptr) *log << "image cache: " << error.what() << "; it is built anew" << std::endl;
      return std::nullopt;
    }
  }

  /// Whether each chosen image is there and unchanged, or cannot be read now either.
  bool is_complete(const OpenCache& cache) {
    std::vector<char> missing(chosen_.size(), 0);
    parallel_for(chosen_.size(), threads_, [&](std::size_t i) {
      const Sample& sample = dataset_.samples[chosen_[i]];
      const CachedImage* image = cache.find(sample.path);
      if (image == nullptr || !is_unchanged(*image, state_of(sample.file))) {
        missing[i] = 1;
      } else if (image->slot == CachedImage::kNoSlot) {
        missing[i] = decode(sample) ? 1 : 0;
      }
    });
    return std::find(missing.begin(), missing.end(), 1) == missing.end();
  }

  /// Nothing when it is unreadable; then the cause is kept.
  std::optional<FittedImage> decode(const Sample& sample) {
    try {
      return read_fitted_image(sample, spec_);
    } catch (const std::runtime_error& error) {
      const std::lock_guard lock(causes_mutex_);
      causes_[sample.path] = error.what();
      return std::nullopt;
    }
  }

  /// The chosen images, and those of the old file that belong to another list of this data set. By path.
  std::vector<PlannedImage> plan(const std::optional<OpenCache>& old) const {
    std::map<std::string, PlannedImage> planned;
    for (const std::size_t index : chosen_) {
      const Sample& sample = dataset_.samples[index];
      planned[sample.path] = {sample, state_of(sample.file), old ? old->find(sample.path) : nullptr};
    }
    if (old) {
      for (const CachedImage& image : old->header.images) {
        if (planned.contains(image.path) || image.slot == CachedImage::kNoSlot) continue;
        Sample sample;
        sample.path = image.path;
        sample.file = dataset_.root / image.path;
        const FileState state = state_of(sample.file);
        if (is_unchanged(image, state)) planned[image.path] = {sample, state, &image};
      }
    }
    std::vector<PlannedImage> sorted;
    for (auto& [path, image] : planned) {
      if (image.kept != nullptr && (image.kept->slot == CachedImage::kNoSlot || !is_unchanged(*image.kept, image.state))) image.kept = nullptr;
      sorted.push_back(std::move(image));
    }
    return sorted;
  }

  void build(const std::optional<OpenCache>& old) {
    const std::vector<PlannedImage> planned = plan(old);
    std::vector<std::string> paths;
    for (const PlannedImage& image : planned) paths.push_back(image.sample.path);
    ImageCacheHeader header;
    header.width = static_cast<std::uint32_t>(spec_.width);
    header.height = static_cast<std::uint32_t>(spec_.height);
    header.key_sha256 = key_;
    header.slots = planned.size();
    header.data_offset = cache_data_offset(paths);
    header.images.resize(planned.size());
    CacheWriter writer(file_, cache_file_bytes(header));
    parallel_for(planned.size(), threads_, [&](std::size_t i) { header.images[i] = write_image(planned[i], i, old, header, writer); });
    const std::string front = serialize_image_cache_header(header);
    writer.write(0, {reinterpret_cast<const std::uint8_t*>(front.data()), front.size()});
    writer.finish();
    const auto kept = std::count_if(planned.begin(), planned.end(), [](const PlannedImage& image) { return image.kept != nullptr; });
    std::cerr << "image cache: " << planned.size() - static_cast<std::size_t>(kept) << " images decoded, " << kept << " kept: " << file_.string() << std::endl;
  }

  CachedImage write_image(const PlannedImage& planned, std::uint64_t slot, const std::optional<OpenCache>& old, const ImageCacheHeader& header,
                          CacheWriter& writer) {
    const std::uint64_t offset = header.data_offset + slot * slot_bytes(header);
    if (planned.kept != nullptr) {
      writer.write(offset, old->pixels(*planned.kept));
      CachedImage image = *planned.kept;
      image.slot = slot;
      return image;
    }
    CachedImage image;
    image.path = planned.sample.path;
    image.file_bytes = planned.state.bytes;
    image.mtime_ns = planned.state.mtime_ns;
    if (const std::optional<FittedImage> fitted = decode(planned.sample)) {
      writer.write(offset, fitted->image.rgb);
      image.slot = slot;
      image.pixels_checksum = xxhash64(fitted->image.rgb);
      image.perceptual_hash = fitted->perceptual_hash;
      image.pixel_sha256 = fitted->pixel_sha256;
    }
    return image;
  }

  LoadedImages loaded(const OpenCache& cache) const {
    LoadedImages images;
    images.width = spec_.width;
    images.height = spec_.height;
    images.memory = cache.mapping;
    for (const std::size_t index : chosen_) {
      const std::string& path = dataset_.samples[index].path;
      const CachedImage* image = cache.find(path);
      if (image != nullptr && image->slot != CachedImage::kNoSlot) {
        images.samples.push_back(index);
        images.rgb.push_back(cache.pixels(*image).data());
        images.pixel_sha256.push_back(image->pixel_sha256);
        images.perceptual_hashes.push_back(image->perceptual_hash);
      } else {
        images.failures.push_back({index, causes_.at(path)});
      }
    }
    return images;
  }

  const Dataset& dataset_;
  const std::span<const std::size_t> chosen_;
  const InputSpec& spec_;
  const int threads_;
  const std::string key_;
  const fs::path file_;
  std::mutex causes_mutex_;
  std::map<std::string, std::string> causes_;  // of unreadable images, by path
};

}  // namespace

std::optional<fs::path> default_image_cache() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (cache != nullptr && *cache == '/') return fs::path(cache) / "lobule" / "images";  // a relative one is to be ignored, says the specification
  if (home != nullptr && *home != '\0') return fs::path(home) / ".cache" / "lobule" / "images";
  return std::nullopt;
}

LoadedImages load_cached_images(const Dataset& dataset, std::span<const std::size_t> chosen, const InputSpec& spec, const fs::path& folder, int threads) {
  try {
    return CacheLoader(dataset, chosen, spec, folder, threads).load();
  } catch (const std::runtime_error& error) {
    std::cerr << "no image cache: " << error.what() << "; the images are decoded into memory" << std::endl;
  }
  return load_images(dataset, chosen, spec, threads);
}

}  // namespace lobule
