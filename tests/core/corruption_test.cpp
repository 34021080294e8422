#include "lobule/corruption.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>
#include <stdexcept>

#include "lobule/model_package.h"
#include "lobule/sha256.h"
#include "lobule/stain.h"

using namespace lobule;

namespace {

Image plain(int width, int height, std::uint8_t value) {
  Image image = make_image(width, height);
  std::fill(image.rgb.begin(), image.rgb.end(), value);
  return image;
}

/// Mean absolute difference of samples.
double difference(const Image& a, const Image& b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
  return static_cast<double>(sum) / static_cast<double>(a.rgb.size());
}

double mean(const Image& image) { return difference(image, make_image(image.width, image.height)); }

double mean(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  return sum / static_cast<double>(values.size());
}

/// Pixels whose samples are others than before.
int changed_pixels(const Image& image, const Image& before) {
  int changed = 0;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) changed += std::equal(&image.rgb[i], &image.rgb[i] + 3, &before.rgb[i]) ? 0 : 1;
  return changed;
}

}  // namespace

TEST_CASE("Every corruption has a name of its own") {
  std::set<std::string> names;
  for (const Corruption corruption : kCorruptions) names.insert(corruption_name(corruption));
  CHECK(names.size() == kCorruptions.size());
  CHECK(names.count("more_haematoxylin") == 1);
}

TEST_CASE("A higher severity of a corruption changes tissue-like images more") {
  for (const Corruption corruption : kCorruptions) {
    double before = 0;
    for (int severity = 1; severity <= kSeverities; ++severity) {
      double now = 0;
      for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const Image image = golden_image(seed, 341, 224);
        now += difference(corrupt_image(image, corruption, severity, seed), image) / 4;
      }
      INFO(corruption_name(corruption) << ", severity " << severity << ": " << now << " after " << before);
      CHECK(now > before);
      before = now;
    }
  }
}

TEST_CASE("Corruptions have the same bits on every machine") {
  Sha256 hash;
  for (const Corruption corruption : kCorruptions) {
    for (int severity = 1; severity <= kSeverities; ++severity) {
      hash.update(pixel_sha256(corrupt_image(golden_image(5, 75, 50), corruption, severity, static_cast<std::uint64_t>(severity))));
    }
  }
  CHECK(hash.finish_hex().substr(0, 16) == "4780201302576185");
}

TEST_CASE("The same seed corrupts alike, another one elsewhere where chance has a part") {
  const Image image = golden_image(2, 96, 64);
  const std::set<Corruption> by_chance = {Corruption::noise, Corruption::spots, Corruption::pen, Corruption::shadow};
  for (const Corruption corruption : kCorruptions) {
    INFO(corruption_name(corruption));
    const Image once = corrupt_image(image, corruption, 3, 8);
    CHECK(corrupt_image(image, corruption, 3, 8).rgb == once.rgb);
    if (by_chance.count(corruption) == 1) CHECK(corrupt_image(image, corruption, 3, 9).rgb != once.rgb);
  }
  // One of two ways, each: among ten seeds both come.
  for (const Corruption corruption : {Corruption::hue, Corruption::motion}) {
    std::set<std::string> ways;
    for (std::uint64_t seed = 0; seed < 10; ++seed) ways.insert(pixel_sha256(corrupt_image(image, corruption, 3, seed)));
    CHECK(ways.size() == 2);
  }
}

TEST_CASE("Corruptions keep the size of images of any shape") {
  for (const Image& image : {plain(1, 1, 90), plain(2, 1, 0), plain(7, 5, 255), plain(3, 401, 128), golden_image(3, 1201, 17), golden_image(4, 53, 51)}) {
    for (const Corruption corruption : kCorruptions) {
      for (int severity = 1; severity <= kSeverities; ++severity) {
        INFO(corruption_name(corruption) << ' ' << severity << " of " << image.width << 'x' << image.height);
        const Image result = corrupt_image(image, corruption, severity, 6);
        CHECK(result.width == image.width);
        CHECK(result.height == image.height);
        CHECK(result.rgb.size() == image.rgb.size());
      }
    }
  }
}

TEST_CASE("Light and stain are changed as their names say") {
  const Image image = golden_image(1, 150, 100);
  CHECK(mean(corrupt_image(image, Corruption::brighter, 2, 1)) > mean(image) + 10);
  CHECK(mean(corrupt_image(image, Corruption::darker, 2, 1)) == Approx(0.7 * mean(image)).margin(0.5));
  CHECK(mean(corrupt_image(plain(9, 9, 200), Corruption::hue, 5, 1)) == Approx(200).margin(0.5));  // grey has no hue

  const auto stains = [](const Image& of) { return separate_stains(of, ruifrok_stains()); };
  const StainDensities before = stains(image);
  const double rounding = 0.02;  // of samples, in density
  const StainDensities less = stains(corrupt_image(image, Corruption::less_haematoxylin, 3, 1));
  CHECK(mean(less.haematoxylin) == Approx(0.55 * mean(before.haematoxylin)).margin(rounding));
  CHECK(mean(less.eosin) == Approx(mean(before.eosin)).margin(rounding));
  const StainDensities more = stains(corrupt_image(image, Corruption::more_eosin, 2, 1));
  CHECK(mean(more.eosin) == Approx(1.3 * mean(before.eosin)).margin(rounding));
  CHECK(mean(more.haematoxylin) == Approx(mean(before.haematoxylin)).margin(rounding));
}

TEST_CASE("Blur reaches as far in a large image as in a small one, in shares of it") {
  // An edge between black and white; the share of the width over which it is grey.
  const auto grey_share = [](int width, int height) {
    Image image = plain(width, height, 0);
    for (int y = 0; y < height; ++y) {
      for (int x = width / 2; x < width; ++x) std::fill_n(&image.rgb[static_cast<std::size_t>(3 * (y * width + x))], 3, std::uint8_t{255});
    }
    const Image blurred = corrupt_image(image, Corruption::defocus, 5, 1);
    return static_cast<double>(std::count_if(blurred.rgb.begin(), blurred.rgb.end(), [](int sample) { return sample > 25 && sample < 230; })) /
           static_cast<double>(blurred.rgb.size());
  };
  CHECK(grey_share(896, 896) == Approx(grey_share(224, 224)).margin(1.0 / 224));  // a pixel
}

TEST_CASE("Dust, bubbles and ink leave the rest of an image as it is, and stay where they were as they become more") {
  const Image image = golden_image(2, 224, 224);
  for (const Corruption corruption : {Corruption::spots, Corruption::pen}) {
    INFO(corruption_name(corruption));
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
      const Image few = corrupt_image(image, corruption, 1, seed);
      const Image many = corrupt_image(image, corruption, 5, seed);
      CHECK(changed_pixels(few, image) < 224 * 224 / 10);
      CHECK(changed_pixels(many, image) < 224 * 224 * 6 / 10);
      Image both = many;  // where few is changed
      for (std::size_t i = 0; i < both.rgb.size(); i += 3) {
        if (std::equal(&few.rgb[i], &few.rgb[i] + 3, &image.rgb[i])) std::copy_n(&image.rgb[i], 3, &both.rgb[i]);
      }
      CHECK(changed_pixels(both, image) == changed_pixels(few, image));
    }
  }
}

TEST_CASE("A severity out of bounds, and an image without pixels, are our own mistake") {
  const Image image = golden_image(1, 20, 16);
  CHECK_THROWS_AS(corrupt_image(image, Corruption::noise, 0, 1), std::logic_error);
  CHECK_THROWS_AS(corrupt_image(image, Corruption::noise, 6, 1), std::logic_error);
  CHECK_THROWS_AS(corrupt_image(make_image(0, 0), Corruption::noise, 1, 1), std::logic_error);
}
