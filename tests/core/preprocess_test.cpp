#include "lobule/preprocess.h"

#include <catch2/catch.hpp>

#include "lobule/portable_math.h"
#include "lobule/sha256.h"

using namespace lobule;

namespace {

Image filled(int width, int height, std::uint8_t value) {
  Image image = make_image(width, height);
  image.rgb.assign(image.rgb.size(), value);
  return image;
}

/// The same picture everywhere: SplitMix64's stream.
Image noise(int width, int height) {
  Image image = make_image(width, height);
  SplitMix64 random(5);
  for (std::uint8_t& sample : image.rgb) sample = static_cast<std::uint8_t>(random.below(256));
  return image;
}

InputSpec spec_of(int width, int height, Fit fit) {
  InputSpec spec;
  spec.width = width;
  spec.height = height;
  spec.fit = fit;
  return spec;
}

}  // namespace

TEST_CASE("cover takes the largest centred box of the input's aspect ratio") {
  CHECK(cover_box(700, 460, 700, 460) == PixelBox{0, 0, 700, 460});
  CHECK(cover_box(700, 460, 224, 224) == PixelBox{120, 0, 460, 460});
  CHECK(cover_box(460, 700, 224, 224) == PixelBox{0, 120, 460, 460});
  // 700 * 96 / 144 = 466.7 rows are more than there are; 460 * 144 / 96 = 690 columns fit.
  CHECK(cover_box(700, 460, 144, 96) == PixelBox{5, 0, 690, 460});
  // An odd rest: the smaller half lies on the left.
  CHECK(cover_box(4, 1, 1, 1) == PixelBox{1, 0, 1, 1});
  // 3 * 1 / 2 = 1.5 rounds down; never below one pixel.
  CHECK(cover_box(5, 3, 1, 2) == PixelBox{2, 0, 1, 3});
  CHECK(cover_box(1, 9000, 500, 1) == PixelBox{0, 4499, 1, 1});
}

TEST_CASE("contain pads with white and keeps the aspect ratio") {
  const Image wide = fit_image(filled(40, 20, 100), spec_of(10, 10, Fit::contain));
  REQUIRE(wide.width == 10);
  REQUIRE(wide.height == 10);
  for (int y = 0; y < 10; ++y) {
    INFO("row " << y);
    // 5 rows of image, 2 of white above and 3 below.
    const int expected = y >= 2 && y < 7 ? 100 : 255;
    for (int i = 0; i < 30; ++i) REQUIRE(wide.rgb[static_cast<std::size_t>(30 * y + i)] == expected);
  }
  const Image tall = fit_image(filled(20, 40, 100), spec_of(10, 10, Fit::contain));
  CHECK(tall.rgb[0] == 255);
  CHECK(tall.rgb[3 * 2] == 100);
  CHECK(tall.rgb[3 * 7] == 255);
}

TEST_CASE("stretch fills the input whatever the shape") {
  const Image image = fit_image(filled(3, 50, 9), spec_of(20, 4, Fit::stretch));
  CHECK(image.rgb == filled(20, 4, 9).rgb);
}

TEST_CASE("normalised values are planar and follow the formula") {
  Image image = make_image(2, 1);
  image.rgb = {0, 51, 255, 255, 102, 128};
  InputSpec spec = spec_of(2, 1, Fit::stretch);
  spec.mean = {0.5F, 0.25F, 0.0F};
  spec.stddev = {0.5F, 0.25F, 1.0F};
  const std::vector<float> nchw = normalise(image, spec);
  REQUIRE(nchw.size() == 6);
  CHECK(nchw[0] == -1.0F);
  CHECK(nchw[1] == 1.0F);
  CHECK(nchw[2] == static_cast<float>((51 / 255.0 - 0.25) / 0.25));
  CHECK(nchw[3] == static_cast<float>((102 / 255.0 - 0.25) / 0.25));
  CHECK(nchw[4] == 1.0F);
  CHECK(nchw[5] == static_cast<float>(128 / 255.0));
}

TEST_CASE("preprocessing gives the same bits in every build") {
  InputSpec spec = spec_of(144, 96, Fit::cover);
  spec.mean = {0.485F, 0.456F, 0.406F};
  spec.stddev = {0.229F, 0.224F, 0.225F};
  const Image image = noise(350, 231);
  // Hashes of the native build; this test runs as WebAssembly, too.
  CHECK(tensor_sha256(preprocess(image, spec)) == "6cb4b04033db7b3a2a767e5b3b21cb81eeeebfa1286bb2b58602fe6ce4bd9ea7");
  spec.filter = ResizeFilter::bicubic;
  spec.fit = Fit::contain;
  CHECK(tensor_sha256(preprocess(image, spec)) == "db87d93d758e605339ca7bc1227bf0f731abcf9f666a9137a3a981470f024e46");
}

TEST_CASE("an image of another size than the input's is not normalised") {
  CHECK_THROWS_AS(normalise(make_image(2, 2), spec_of(2, 3, Fit::cover)), std::logic_error);
  CHECK_THROWS_AS(fit_image(Image{}, spec_of(2, 2, Fit::cover)), std::logic_error);
}
