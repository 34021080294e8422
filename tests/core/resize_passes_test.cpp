// This build's passes, vector code where the machine has it, against the plain code for one row.
#include "resize_passes.h"

#include <catch2/catch.hpp>

#include "lobule/portable_math.h"
#include "resize_plain.h"

using namespace lobule;

namespace {

int draw(SplitMix64& random, int low, int high) { return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1))); }

/// Extremes and noise: sums overshoot both ends with negative weights.
Image noise(SplitMix64& random, int width, int height) {
  Image image = make_image(width, height);
  for (std::uint8_t& sample : image.rgb) sample = static_cast<std::uint8_t>(draw(random, 0, 2) == 0 ? draw(random, 0, 255) : 255 * draw(random, 0, 1));
  return image;
}

ResizeFilter draw_filter(SplitMix64& random) { return draw(random, 0, 1) == 0 ? ResizeFilter::bilinear : ResizeFilter::bicubic; }

std::size_t stride_of(const Image& image) { return std::size_t{3} * static_cast<std::size_t>(image.width); }

}  // namespace

TEST_CASE("resizing across gives the plain code's bytes at every width and for every band of rows") {
  SplitMix64 random(1);
  for (int i = 0; i < 1500; ++i) {
    const Image image = noise(random, draw(random, 1, 60), draw(random, 1, 11));
    const ResizeWeights weights = make_resize_weights(image.width, 0, image.width, draw(random, 1, 60), draw_filter(random));
    const int first_row = draw(random, 0, image.height - 1);
    const int rows = draw(random, 1, image.height - first_row);
    Image plain = make_image(weights.outputs(), rows);
    for (int row = 0; row < rows; ++row) {
      resize_row_across(image.rgb.data() + static_cast<std::size_t>(first_row + row) * stride_of(image), weights,
                        plain.rgb.data() + static_cast<std::size_t>(row) * stride_of(plain));
    }
    REQUIRE(resize_across(image, weights, first_row, rows).rgb == plain.rgb);
  }
}

TEST_CASE("resizing down gives the plain code's bytes at every width and height") {
  SplitMix64 random(2);
  for (int i = 0; i < 1500; ++i) {
    const Image image = noise(random, draw(random, 1, 40), draw(random, 1, 60));
    const ResizeWeights weights = make_resize_weights(image.height, 0, image.height, draw(random, 1, 60), draw_filter(random));
    Image plain = make_image(image.width, weights.outputs());
    for (int y = 0; y < plain.height; ++y) {
      const std::uint8_t* in = image.rgb.data() + static_cast<std::size_t>(weights.first[static_cast<std::size_t>(y)]) * stride_of(image);
      resize_row_down(in, stride_of(image), weights, y, 0, stride_of(image), plain.rgb.data() + static_cast<std::size_t>(y) * stride_of(image));
    }
    REQUIRE(resize_down(image, weights, 0).rgb == plain.rgb);
  }
}

TEST_CASE("a thousand taps are summed as the plain code sums them") {
  SplitMix64 random(3);
  const Image white = [] {
    Image image = make_image(3000, 5);
    for (std::uint8_t& sample : image.rgb) sample = 255;
    return image;
  }();
  for (const Image& image : {white, noise(random, 3000, 5)}) {
    const ResizeWeights weights = make_resize_weights(3000, 0, 3000, 3, ResizeFilter::bicubic);
    Image plain = make_image(3, 5);
    for (std::size_t row = 0; row < 5; ++row) resize_row_across(image.rgb.data() + row * stride_of(image), weights, plain.rgb.data() + row * 9);
    CHECK(resize_across(image, weights, 0, 5).rgb == plain.rgb);
  }
}
