#include "lobule/appearance.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>

#include "gaussian_blur.h"
#include "lobule/encode.h"
#include "lobule/optical_density.h"
#include "lobule/portable_math.h"
#include "lobule/sha256.h"
#include "lobule/stain.h"

using namespace lobule;

namespace {

/// Tissue-like: each pixel a mixture of both stains.
Image tissue(int width, int height) {
  StainDensities densities = {width, height, {}, {}, {}};
  SplitMix64 random(9);
  for (int i = 0; i < width * height; ++i) {
    densities.haematoxylin.push_back(static_cast<float>(0.1 + 0.6 * random.uniform()));
    densities.eosin.push_back(static_cast<float>(0.1 + 0.4 * random.uniform()));
    densities.residual.push_back(0);
  }
  return compose_stains(densities, ruifrok_stains());
}

Image plain(int width, int height, std::uint8_t value) {
  Image image = make_image(width, height);
  std::fill(image.rgb.begin(), image.rgb.end(), value);
  return image;
}

Image varied(Image image, const AppearanceOptions& options, std::uint64_t seed) {
  vary_appearance(image, options, seed);
  return image;
}

double mean(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  return sum / static_cast<double>(values.size());
}

/// Largest difference of two samples.
int farthest(const Image& a, const Image& b) {
  int most = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) most = std::max(most, std::abs(a.rgb[i] - b.rgb[i]));
  return most;
}

/// Of how many of 400 seeds the image comes back changed.
int changed_images(const Image& image, const AppearanceOptions& options) {
  int changed = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) changed += varied(image, options, seed).rgb == image.rgb ? 0 : 1;
  return changed;
}

}  // namespace

TEST_CASE("Without a variation an image keeps its look") {
  const Image image = tissue(24, 16);
  CHECK(!changes_appearance({}));
  CHECK(varied(image, {}, 3).rgb == image.rgb);
}

TEST_CASE("A varied look has the same bits on every machine") {
  const AppearanceOptions all = {.stain = 0.2, .colour = 0.2, .blur = 1.5, .noise = 0.05, .jpeg = 60, .cutout = 0.3};
  CHECK(changes_appearance(all));
  Sha256 hash;
  for (std::uint64_t seed = 0; seed < 64; ++seed) hash.update(pixel_sha256(varied(tissue(40, 24), all, seed)));
  CHECK(hash.finish_hex().substr(0, 16) == "838264a83585b61d");
}

TEST_CASE("A variation draws what it draws whichever others there are") {
  const Image image = tissue(24, 16);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Image both = varied(image, {.stain = 0.2, .colour = 0.3}, seed);
    CHECK(both.rgb == varied(varied(image, {.stain = 0.2}, seed), {.colour = 0.3}, seed).rgb);
  }
}

TEST_CASE("Stains are varied within the stated share, each by itself") {
  const Image image = tissue(24, 16);
  const StainDensities before = separate_stains(image, ruifrok_stains());
  std::vector<double> haematoxylin;
  std::vector<double> eosin;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const StainDensities after = separate_stains(varied(image, {.stain = 0.2}, seed), ruifrok_stains());
    haematoxylin.push_back(mean(after.haematoxylin) - mean(before.haematoxylin));
    eosin.push_back(mean(after.eosin) - mean(before.eosin));
  }
  const double rounding = 0.02;  // of samples, in density
  const double most_haematoxylin = 0.2 * mean(before.haematoxylin) + 0.2 / std::log(10.0);
  const auto [least, most] = std::minmax_element(haematoxylin.begin(), haematoxylin.end());
  CHECK(*most < most_haematoxylin + rounding);
  CHECK(*least > -most_haematoxylin - rounding);
  CHECK(*most > 0.8 * most_haematoxylin);
  double product = 0;
  double squares_haematoxylin = 0;
  double squares_eosin = 0;
  for (std::size_t i = 0; i < eosin.size(); ++i) {
    product += haematoxylin[i] * eosin[i];
    squares_haematoxylin += haematoxylin[i] * haematoxylin[i];
    squares_eosin += eosin[i] * eosin[i];
  }
  CHECK(std::abs(product) < 0.25 * std::sqrt(squares_haematoxylin * squares_eosin));  // 400 draws: a correlation of 0.25 is five standard errors
}

TEST_CASE("Colours of grey stay grey, however hue and saturation turn") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Image image = varied(plain(4, 4, 100), {.colour = 0.4}, seed);
    CHECK(std::abs(image.rgb[0] - image.rgb[1]) <= 1);
    CHECK(std::abs(image.rgb[1] - image.rgb[2]) <= 1);
    CHECK(image.rgb[0] >= 59);  // brightness alone moves an image without contrast
    CHECK(image.rgb[0] <= 141);
  }
}

TEST_CASE("A blur keeps the mean, spreads a point as a Gaussian, and one axis alone where asked") {
  Image point = plain(41, 41, 0);
  point.rgb[3 * (20 * 41 + 20)] = 255;
  Image wide = point;
  blur_gaussian(wide, 2, 0);
  double sum = 0;
  double square = 0;
  for (int x = 0; x < 41; ++x) {
    const double value = wide.rgb[static_cast<std::size_t>(3 * (20 * 41 + x))];
    sum += value;
    square += value * (x - 20) * (x - 20);
  }
  CHECK(sum == Approx(255).margin(6));
  CHECK(square / sum == Approx(4).margin(0.4));  // variance; tails beyond three deviations and below half a sample are lost
  CHECK(wide.rgb[3 * (19 * 41 + 20)] == 0);
  Image flat = plain(9, 5, 77);
  blur_gaussian(flat, 3, 3);
  CHECK(flat.rgb == plain(9, 5, 77).rgb);
  Image sharp = point;
  blur_gaussian(sharp, 0.01, 0);
  CHECK(sharp.rgb == point.rgb);
}

TEST_CASE("Blur, noise, JPEG and cutout come to about half of the images") {
  const Image image = tissue(24, 16);
  for (const AppearanceOptions& options :
       {AppearanceOptions{.blur = 4}, AppearanceOptions{.noise = 0.2}, AppearanceOptions{.jpeg = 70}, AppearanceOptions{.cutout = 0.5}}) {
    const int changed = changed_images(image, options);
    CHECK(changed > 150);
    CHECK(changed <= 240);
  }
}

TEST_CASE("Noise has the stated deviation and no drift") {
  const Image grey = plain(64, 64, 128);
  double largest = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Image noisy = varied(grey, {.noise = 0.1}, seed);
    double sum = 0;
    double square = 0;
    for (const std::uint8_t sample : noisy.rgb) {
      sum += sample - 128;
      square += (sample - 128) * (sample - 128);
    }
    const auto samples = static_cast<double>(noisy.rgb.size());
    largest = std::max(largest, std::sqrt(square / samples));
    CHECK(std::abs(sum / samples) < 1.2);  // 12288 samples of a deviation up to 25.5: 0.23 is a standard error
  }
  CHECK(largest > 22);
  CHECK(largest < 26.5);
}

TEST_CASE("A cutout covers a rectangle of the stated share at most, with the mean colour") {
  const Image image = tissue(60, 40);
  std::uint64_t sums[3] = {};
  for (std::size_t i = 0; i < image.rgb.size(); ++i) sums[i % 3] += image.rgb[i];
  int most = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Image cut = varied(image, {.cutout = 0.25}, seed);
    int pixels = 0;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
      if (cut.rgb[i] == image.rgb[i] && cut.rgb[i + 1] == image.rgb[i + 1] && cut.rgb[i + 2] == image.rgb[i + 2]) continue;
      ++pixels;
      CHECK(cut.rgb[i] == sums[0] / 2400);
    }
    most = std::max(most, pixels);
  }
  CHECK(most <= 640);  // 600, and a row and a column by rounding
  CHECK(most > 400);
}

TEST_CASE("JPEG of a low quality blocks and blurs, of the highest hardly") {
  const Image image = tissue(48, 32);
  CHECK(farthest(varied(image, {.jpeg = 1}, 2), image) < 40);
  int worst = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) worst = std::max(worst, farthest(varied(image, {.jpeg = 95}, seed), image));
  CHECK(worst > 60);
  CHECK_THROWS_AS(encode_jpeg(image, 0), std::logic_error);
  CHECK_THROWS_AS(encode_jpeg(make_image(0, 0), 50), std::logic_error);
}

TEST_CASE("Options beyond their bounds are our own mistake") {
  Image image = tissue(8, 8);
  for (const AppearanceOptions& options :
       {AppearanceOptions{.stain = 1.1}, AppearanceOptions{.colour = -0.1}, AppearanceOptions{.blur = 17},
        AppearanceOptions{.noise = std::numeric_limits<double>::quiet_NaN()}, AppearanceOptions{.jpeg = 100}, AppearanceOptions{.cutout = 0.95}}) {
    CHECK_THROWS_AS(vary_appearance(image, options, 1), std::logic_error);
  }
}
