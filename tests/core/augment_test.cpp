#include "lobule/augment.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>

#include "affine.h"
#include "lobule/portable_math.h"
#include "lobule/sha256.h"

using namespace lobule;

namespace {

/// Each pixel has its letter in all channels.
Image letters(int width, const std::string& text) {
  Image image = make_image(width, static_cast<int>(text.size()) / width);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<std::uint8_t>(text[i / 3]);
  return image;
}

std::string text_of(const Image& image) {
  std::string text;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) text += static_cast<char>(image.rgb[i]);
  return text;
}

std::string view_of(const std::string& text, bool mirror_x, bool mirror_y, double degrees) {
  return text_of(sample_linear(letters(3, text), make_view(mirror_x, mirror_y, degrees, 1)));
}

/// The same picture everywhere: SplitMix64's stream.
Image noise(int width, int height) {
  Image image = make_image(width, height);
  SplitMix64 random(5);
  for (std::uint8_t& sample : image.rgb) sample = static_cast<std::uint8_t>(random.below(256));
  return image;
}

double mean_of(const Image& image) {
  double sum = 0;
  for (const std::uint8_t sample : image.rgb) sum += sample;
  return sum / static_cast<double>(image.rgb.size());
}

}  // namespace

TEST_CASE("flips and quarter turns move pixels and change none") {
  CHECK(view_of("abcdefghi", false, false, 0) == "abcdefghi");
  CHECK(view_of("abcdefghi", true, false, 0) == "cbafedihg");
  CHECK(view_of("abcdefghi", false, true, 0) == "ghidefabc");
  CHECK(view_of("abcdefghi", false, false, 90) == "gdahebifc");
  CHECK(view_of("abcdefghi", false, false, -90) == "cfibehadg");
  CHECK(view_of("abcdefghi", false, false, 180) == "ihgfedcba");
  CHECK(view_of("abcdefghi", false, false, 360) == "abcdefghi");
}

TEST_CASE("the mirror comes before the turn") { CHECK(view_of("abcdefghi", true, false, 90) == "ifchebgda"); }

TEST_CASE("an image turned beyond its borders continues as its reflection") {
  // 4 x 2 turned by 90 degrees reads two rows above and below the image: those are the two rows mirrored.
  const Image view = sample_linear(letters(4, "abcdefgh"), make_view(false, false, 90, 1));
  CHECK(text_of(view) == "ffbbggcc");
}

TEST_CASE("a zoom of 2 halves the distance between what is seen") {
  Image ramp = make_image(101, 3);
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 101; ++x) {
      for (int c = 0; c < 3; ++c) ramp.rgb[static_cast<std::size_t>(3 * (101 * y + x) + c)] = static_cast<std::uint8_t>(2 * x);
    }
  }
  const Image view = sample_linear(ramp, make_view(false, false, 0, 2));
  CHECK(view.rgb[3 * 50] == 100);  // the centre stays
  CHECK(view.rgb[3 * 60] == 110);
  CHECK(view.rgb[3 * 0] == 50);
  const Image small = sample_linear(ramp, make_view(false, false, 0, 0.5));
  CHECK(small.rgb[3 * 60] == 140);
}

TEST_CASE("a turn by a random angle keeps distances") {
  // Columns of the map are orthogonal and of length 1 / zoom, to the precision of the series.
  for (const double degrees : {-179.0, -45.0, -44.9, 12.3, 45.0, 89.0, 135.0, 271.0}) {
    const LinearMap map = make_view(true, false, degrees, 0.8);
    CHECK(map.xx * map.xx + map.yx * map.yx == Approx(1.5625).epsilon(1e-10));
    CHECK(map.xy * map.xy + map.yy * map.yy == Approx(1.5625).epsilon(1e-10));
    CHECK(map.xx * map.xy + map.yx * map.yy == Approx(0).margin(1e-10));
  }
}

TEST_CASE("a view depends on its seed alone, in every build") {
  const Image image = noise(144, 96);
  const Image view = augment(image, {}, mix_seed(1, 2, 3));
  CHECK(view.width == 144);
  CHECK(view.height == 96);
  CHECK(view.rgb == augment(image, {}, mix_seed(1, 2, 3)).rgb);
  // Hash of the native build; this test runs as WebAssembly, too.
  CHECK(pixel_sha256(view) == "d39e4c483d06e90e7cb48f1108f3b361bb4be2add0cbf6a100579e332f6a6667");
  std::set<std::string> views;
  for (std::uint64_t index = 0; index < 50; ++index) views.insert(pixel_sha256(augment(image, {}, mix_seed(1, 2, index))));
  CHECK(views.size() == 50);
}

TEST_CASE("a view gives the bytes that sampling each pixel on its own gives") {
  // The rule itself, pixel by pixel: what is inside an image goes through vector code where the machine has it.
  const auto reflected = [](std::int64_t index, std::int64_t size) {
    const std::int64_t inside = ((index % (2 * size)) + 2 * size) % (2 * size);
    return inside < size ? inside : 2 * size - 1 - inside;
  };
  const auto fixed = [](double pixels) { return static_cast<std::int64_t>(std::floor(pixels * 4294967296.0 + 0.5)); };
  SplitMix64 random(8);
  for (int i = 0; i < 600; ++i) {
    const Image image = noise(1 + static_cast<int>(random.below(40)), 1 + static_cast<int>(random.below(40)));
    const bool mirrored = random.below(2) == 0;
    const double degrees = i % 4 == 0 ? 90.0 * random.below(4) : 360 * random.uniform();
    const LinearMap map = make_view(mirrored, false, degrees, i % 3 == 0 ? 1 : 0.3 + 3 * random.uniform());
    const double x0 = 0.5 * (image.width - 1);
    const double y0 = 0.5 * (image.height - 1);
    Image expected = make_image(image.width, image.height);
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        const std::int64_t from_x = fixed(x0 - map.xx * x0 - map.xy * y0) + (1 << 23) + y * fixed(map.xy) + x * fixed(map.xx);
        const std::int64_t from_y = fixed(y0 - map.yx * x0 - map.yy * y0) + (1 << 23) + y * fixed(map.yy) + x * fixed(map.yx);
        const auto right = from_x >> 24 & 255;
        const auto down = from_y >> 24 & 255;
        for (std::int64_t c = 0; c < 3; ++c) {
          const auto at = [&](std::int64_t column, std::int64_t row) {
            return std::int64_t{image.rgb[static_cast<std::size_t>(3 * (reflected(row, image.height) * image.width + reflected(column, image.width)) + c)]};
          };
          const std::int64_t column = from_x >> 32;
          const std::int64_t row = from_y >> 32;
          const std::int64_t above = (256 - right) * at(column, row) + right * at(column + 1, row);
          const std::int64_t below = (256 - right) * at(column, row + 1) + right * at(column + 1, row + 1);
          expected.rgb[static_cast<std::size_t>(3 * (y * image.width + x) + c)] =
              static_cast<std::uint8_t>(((256 - down) * above + down * below + 32768) >> 16);
        }
      }
    }
    REQUIRE(sample_linear(image, map).rgb == expected.rgb);
  }
}

TEST_CASE("with everything switched off an image stays as it is") {
  const Image image = noise(31, 20);
  CHECK(augment(image, {false, 0, 1}, 9).rgb == image.rgb);
}

TEST_CASE("flips alone give the four mirrorings, about equally often") {
  std::map<std::string, int> counts;
  for (std::uint64_t seed = 0; seed < 400; ++seed) ++counts[text_of(augment(letters(2, "abcd"), {true, 0, 1}, mix_seed(seed, 0)))];
  REQUIRE(counts.size() == 4);
  // 100 each; 4 standard deviations of a binomial of 400 at 1/4 are 35.
  for (const auto& [text, count] : counts) {
    INFO(text);
    CHECK(count > 65);
    CHECK(count < 135);
  }
}

TEST_CASE("the reflected rim keeps the brightness of the image") {
  const Image image = noise(144, 96);
  double difference = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) difference += mean_of(augment(image, {}, seed)) - mean_of(image);
  // A black rim at zoom 0.8 would take a fifth of the brightness; the views of one picture differ by a few steps.
  CHECK(difference / 40 == Approx(0).margin(6));
}

TEST_CASE("options that make no sense are our own mistake") {
  const Image image = noise(8, 8);
  CHECK_THROWS_AS(augment(image, {true, -1, 1.2}, 1), std::logic_error);
  CHECK_THROWS_AS(augment(image, {true, 361, 1.2}, 1), std::logic_error);
  CHECK_THROWS_AS(augment(image, {true, 10, 0.9}, 1), std::logic_error);
  CHECK_THROWS_AS(augment(Image{}, {}, 1), std::logic_error);
}

TEST_CASE("a view of an image of twice its size is the mean of four pixels each") {
  const Image image = noise(40, 20);
  Image view = make_image(20, 10);
  augment(image.rgb, 40, 20, {false, 0, 1}, 3, view);
  for (int y = 0; y < 10; ++y) {
    for (int x = 0; x < 20; ++x) {
      for (int c = 0; c < 3; ++c) {
        const auto at = [&](int column, int row) { return int{image.rgb[static_cast<std::size_t>(3 * (40 * row + column) + c)]}; };
        const int sum = at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1);
        REQUIRE(view.rgb[static_cast<std::size_t>(3 * (20 * y + x) + c)] == (sum + 2) / 4);
      }
    }
  }
}

TEST_CASE("a magnified view of a larger image has its detail, and looks at any part of it") {
  // Black and white columns of one pixel: a view at their own scale shows them, one at half of it is grey.
  Image stripes = make_image(64, 64);
  for (std::size_t i = 0; i < stripes.rgb.size(); ++i) stripes.rgb[i] = i / 3 % 2 == 0 ? 0 : 255;
  Image grey = make_image(32, 32);
  augment(stripes.rgb, 64, 64, {false, 0, 1}, 1, grey);
  CHECK(std::set<std::uint8_t>(grey.rgb.begin(), grey.rgb.end()) == std::set<std::uint8_t>{128});

  Image ramp = make_image(256, 256);
  for (std::size_t i = 0; i < ramp.rgb.size(); ++i) ramp.rgb[i] = static_cast<std::uint8_t>(i / 3 % 256);
  double lowest = 255;
  double highest = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Image view = make_image(64, 64);
    augment(ramp.rgb, 256, 256, {false, 0, 4}, seed, view);
    lowest = std::min(lowest, mean_of(view));
    highest = std::max(highest, mean_of(view));
  }
  CHECK(lowest < 60);
  CHECK(highest > 195);
}
