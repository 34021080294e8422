#include "image_cache.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "atomic_file.h"
#include "image_cache_file.h"
#include "lobule/encode.h"
#include "lobule/portable_math.h"
#include "temporary_folder.h"
#include "xxhash64.h"

using Catch::Matchers::Contains;
using namespace lobule;
namespace fs = std::filesystem;

namespace {

std::string picture(std::uint64_t seed, int width = 31, int height = 22) {
  Image image = make_image(width, height);
  SplitMix64 random(seed);
  for (std::uint8_t& sample : image.rgb) sample = static_cast<std::uint8_t>(random.below(256));
  return encode_png(image);
}

InputSpec small_input() {
  InputSpec spec;
  spec.width = 24;
  spec.height = 16;
  return spec;
}

/// Twelve images, the fourth of them none.
struct TwelveImages {
  TemporaryFolder folder;
  fs::path data = folder.path() / "data";
  fs::path cache = folder.path() / "cache";
  Dataset dataset;

  TwelveImages() {
    for (int i = 0; i < 12; ++i) write(i, i == 3 ? "no image" : picture(static_cast<std::uint64_t>(i)));
    dataset = read_dataset(data);
  }
  void write(int i, const std::string& bytes) const { folder.write("data/" + name(i), bytes); }
  static std::string name(int i) { return std::string(i % 2 == 0 ? "benign/" : "malignant/") + std::to_string(100 + i) + ".png"; }
  LoadedImages load() const { return load_cached_images(dataset, all_samples(dataset), small_input(), cache, 2); }

  fs::path cache_file() const {
    for (const auto& entry : fs::directory_iterator(cache)) {
      if (entry.path().extension() == ".images") return entry.path();
    }
    throw std::runtime_error("no cache file");
  }
  /// Changes whenever the file is written anew.
  std::pair<ino_t, fs::file_time_type> cache_identity() const {
    struct stat status {};
    ::stat(cache_file().c_str(), &status);
    return {status.st_ino, fs::last_write_time(cache_file())};
  }
  /// What is loaded must be what decoding says, however it came.
  void require_right(const LoadedImages& images) const {
    const LoadedImages expected = load_images(dataset, all_samples(dataset), small_input(), 1);
    REQUIRE(images.samples == expected.samples);
    REQUIRE(images.pixel_sha256 == expected.pixel_sha256);
    REQUIRE(images.perceptual_hashes == expected.perceptual_hashes);
    for (std::size_t i = 0; i < expected.samples.size(); ++i) REQUIRE(images.image(i).rgb == expected.image(i).rgb);
    REQUIRE(images.failures.size() == expected.failures.size());
    for (std::size_t i = 0; i < expected.failures.size(); ++i) REQUIRE(images.failures[i].cause == expected.failures[i].cause);
  }
};

ImageCacheHeader small_header() {
  ImageCacheHeader header;
  header.width = 2;
  header.height = 3;
  header.key_sha256 = std::string(64, 'a');
  header.slots = 2;
  header.data_offset = kCacheAlignment;
  header.images = {{"a.png", 100, 5, 1, 7, 9, std::string(64, 'b')}, {"b.png", 3, 6, CachedImage::kNoSlot, 0, 0, ""}};
  return header;
}

ImageCacheHeader parsed(const std::string& bytes, const ImageCacheHeader& header) { return parse_image_cache_header(bytes, cache_file_bytes(header)); }

}  // namespace

TEST_CASE("XXH64 gives the reference implementation's values") {
  const auto hash = [](const std::string& text) { return xxhash64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}); };
  CHECK(hash("") == 0xEF46DB3751D8E999);
  CHECK(hash("abc") == 0x44BC2CF5AD770999);
  CHECK(hash("0123456789012345678901234567890123456789012345678901234567890123456789") == 0x4916A0F3F0E1C781);
}

TEST_CASE("Images come out of the cache as decoding makes them, the first time and the next") {
  const TwelveImages images;
  images.require_right(images.load());
  const auto identity = images.cache_identity();
  images.require_right(images.load());
  CHECK(images.cache_identity() == identity);  // an unreadable image is no reason to write the file again
  CHECK(fs::status(images.cache_file()).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("What a cache file holds has not changed without a new kImageCacheVersion") {
  // Raise the version when this hash changes: files of older programs would give their pixels as ours.
  const TwelveImages images;
  const LoadedImages loaded = images.load();
  CHECK(kImageCacheVersion == 1);
  CHECK(xxhash64(loaded.pixels(0)) == 0x76CE4D30BC2602AA);
  CHECK(loaded.perceptual_hashes[0] == 0xAFC2361FE29560A4);
}

TEST_CASE("An image whose file has changed is decoded again, and the others are kept") {
  TwelveImages images;
  images.load();
  images.write(4, picture(99, 40, 20));
  images.write(5, "no image any more");
  fs::last_write_time(images.data / TwelveImages::name(6), fs::file_time_type::clock::now() + std::chrono::hours(1));  // the same pixels: nothing changes
  images.require_right(images.load());
}

TEST_CASE("An image that could not be read is tried again each time") {
  const TwelveImages images;
  const std::string good = picture(7);
  std::string bad = good;
  bad[bad.size() / 2] ^= 1;
  images.write(3, bad);
  CHECK(images.load().failures.size() == 1);
  // As after a disk's bad day: size and time are the same, the bytes are right now.
  const fs::path file = images.data / TwelveImages::name(3);
  const fs::file_time_type time = fs::last_write_time(file);
  images.write(3, good);
  fs::last_write_time(file, time);
  const LoadedImages loaded = images.load();
  CHECK(loaded.failures.empty());
  images.require_right(loaded);
}

TEST_CASE("Images that come and go in a data set, and lists of it, share one file") {
  TwelveImages images;
  images.load();
  const auto identity = images.cache_identity();
  const std::vector<std::size_t> few = {1, 2, 8};
  const LoadedImages part = load_cached_images(images.dataset, few, small_input(), images.cache, 1);
  CHECK(part.samples == few);
  CHECK(images.cache_identity() == identity);
  images.write(50, picture(50));
  images.dataset = read_dataset(images.data);
  images.require_right(images.load());
  fs::remove(images.data / TwelveImages::name(0));
  images.dataset = read_dataset(images.data);
  images.require_right(images.load());
}

TEST_CASE("Inputs of another shape have a file of their own") {
  const TwelveImages images;
  images.load();
  InputSpec stretched = small_input();
  stretched.fit = Fit::stretch;
  const LoadedImages other = load_cached_images(images.dataset, all_samples(images.dataset), stretched, images.cache, 1);
  const LoadedImages expected = load_images(images.dataset, all_samples(images.dataset), stretched, 1);
  for (std::size_t i = 0; i < expected.samples.size(); ++i) REQUIRE(other.image(i).rgb == expected.image(i).rgb);
  images.require_right(images.load());
}

TEST_CASE("A cache file that is damaged or cut short at any place gives no wrong pixel and ends nothing") {
  const TwelveImages images;
  images.load();
  const fs::path file = images.cache_file();
  const std::string whole = read_file(file);
  SplitMix64 random(4);
  for (int i = 0; i < 60; ++i) {
    std::string damaged = whole;
    if (i % 3 == 0) {
      damaged.resize(random.below(static_cast<std::uint32_t>(whole.size())));
    } else {
      // Half of them in head and table, the others anywhere. Bytes between the table and the pixels mean nothing.
      const auto place = random.below(static_cast<std::uint32_t>(i % 3 == 1 ? kCacheHeadBytes + 1500 : whole.size()));
      damaged[place] = static_cast<char>(damaged[place] ^ 1 << random.below(8));
    }
    write_file_atomically(file, damaged);
    images.require_right(images.load());
  }
}

TEST_CASE("A cache file is built anew when it holds another data set's images") {
  const TwelveImages images;
  const TwelveImages others;
  images.load();
  others.load();
  fs::copy_file(others.cache_file(), images.cache_file(), fs::copy_options::overwrite_existing);
  images.require_right(images.load());
}

TEST_CASE("What a killed process left behind is overwritten") {
  const TwelveImages images;
  images.load();
  const fs::path file = images.cache_file();
  write_file_atomically(file.string() + ".part", std::string(100000, 'x'));
  fs::remove(file);
  images.require_right(images.load());
  CHECK_FALSE(fs::exists(file.string() + ".part"));
}

TEST_CASE("Several that build one cache file at the same time all get right images") {
  const TwelveImages images;
  std::vector<LoadedImages> loaded(6);
  std::vector<std::thread> builders;
  for (LoadedImages& one : loaded) builders.emplace_back([&] { one = images.load(); });
  for (std::thread& builder : builders) builder.join();
  for (const LoadedImages& one : loaded) images.require_right(one);
}

TEST_CASE("A folder that cannot hold a cache leaves the images in memory") {
  const TwelveImages images;
  for (const fs::path& folder : {fs::path("/proc/lobule"), images.data / TwelveImages::name(0)}) {
    images.require_right(load_cached_images(images.dataset, all_samples(images.dataset), small_input(), folder, 2));
  }
}

TEST_CASE("The pixels stay when the file is replaced while they are in use") {
  TwelveImages images;
  const LoadedImages loaded = images.load();
  const Image before = loaded.image(0);
  images.write(0, picture(77));
  images.load();
  CHECK(loaded.image(0).rgb == before.rgb);
}

TEST_CASE("A cache header is read as it was written") {
  const ImageCacheHeader header = small_header();
  const std::string bytes = serialize_image_cache_header(header);
  CHECK(image_cache_header_bytes(bytes, cache_file_bytes(header)) == bytes.size());
  const ImageCacheHeader read = parsed(bytes, header);
  CHECK(serialize_image_cache_header(read) == bytes);
  CHECK(read.images[0].pixel_sha256 == std::string(64, 'b'));
  CHECK(read.images[1].slot == CachedImage::kNoSlot);
}

TEST_CASE("A cache header with a flipped bit is refused, wherever it is") {
  const ImageCacheHeader header = small_header();
  const std::string bytes = serialize_image_cache_header(header);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    REQUIRE_THROWS_AS(parsed(flipped, header), std::runtime_error);
  }
}

TEST_CASE("A cache header that contradicts itself is refused, though its digest is right") {
  const auto refused = [](const auto& change, const char* cause) {
    ImageCacheHeader header = small_header();
    change(header);
    CHECK_THROWS_WITH(parsed(serialize_image_cache_header(header), header), Contains(cause));
  };
  refused([](ImageCacheHeader& header) { header.images[1].path = "a.png"; }, "not sorted");
  refused([](ImageCacheHeader& header) { header.images[0].slot = 2; }, "outside the file");
  refused([](ImageCacheHeader& header) { header.images[1] = {"b.png", 1, 1, 1, 0, 0, std::string(64, 'c')}; }, "two images in one place");
  refused([](ImageCacheHeader& header) { header.images[0].pixel_sha256[3] = 'x'; }, "no pixel hash");
  refused([](ImageCacheHeader& header) { header.images[1].perceptual_hash = 1; }, "unreadable");
  refused([](ImageCacheHeader& header) { header.images[0].path = ""; }, "without a path");
  refused([](ImageCacheHeader& header) { header.width = 9000; }, "contradict each other");
  const ImageCacheHeader header = small_header();
  CHECK_THROWS_WITH(parse_image_cache_header(serialize_image_cache_header(header), cache_file_bytes(header) - 1), Contains("cut short"));
}
