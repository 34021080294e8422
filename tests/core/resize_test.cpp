#include "lobule/resize.h"

#include <catch2/catch.hpp>

using namespace lobule;
using Samples = std::vector<std::uint8_t>;

namespace {

/// 7 x 5 pixels: two gradients and a pattern without symmetry.
Image sample_image() {
  Image image = make_image(7, 5);
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 7; ++x) {
      std::uint8_t* pixel = &image.rgb[static_cast<std::size_t>(3 * (7 * y + x))];
      pixel[0] = static_cast<std::uint8_t>(10 * x + 40 * y);
      pixel[1] = static_cast<std::uint8_t>(255 - 13 * x - 20 * y);
      pixel[2] = static_cast<std::uint8_t>(17 * x * x + 31 * y);
    }
  }
  return image;
}

}  // namespace

// The expected values are Pillow 13's; tests/python/test_resize.py compares hundreds of random sizes with it.
TEST_CASE("shrinking gives Pillow's bytes") {
  CHECK(resize_image(sample_image(), 3, 2, ResizeFilter::bilinear).rgb ==
        Samples{49, 224, 53, 70, 196, 124, 91, 168, 138, 129, 184, 115, 150, 156, 142, 171, 128, 125});
  CHECK(resize_image(sample_image(), 3, 2, ResizeFilter::bicubic).rgb ==
        Samples{41, 229, 48, 64, 199, 123, 87, 169, 141, 133, 183, 119, 156, 153, 144, 179, 123, 125});
}

TEST_CASE("a box takes in pixels beside it, as Pillow's does") {
  CHECK(resize_image(sample_image(), {1, 1, 5, 3}, 4, 2, ResizeFilter::bilinear).rgb ==
        Samples{61, 216, 65, 73, 200, 141, 85, 184, 111, 97, 168, 166, 123, 184, 113, 135, 168, 177, 147, 152, 147, 159, 136, 96});
  CHECK(resize_image(sample_image(), {1, 1, 5, 3}, 4, 2, ResizeFilter::bicubic).rgb ==
        Samples{58, 217, 57, 71, 200, 148, 83, 184, 106, 96, 167, 176, 124, 185, 110, 137, 168, 189, 149, 152, 152, 162, 135, 85});
}

TEST_CASE("columns go first where the height shrinks most, as in Pillow 13") {
  CHECK(resize_image(sample_image(), 9, 1, ResizeFilter::bicubic).rgb ==
        Samples{80, 216, 61, 86, 207, 70, 94, 196, 100, 102, 186, 143, 110, 176, 173, 118, 166, 92, 126, 156, 102, 134, 145, 146, 140, 136, 163});
}

TEST_CASE("an image resized to its own size is unchanged") { CHECK(resize_image(sample_image(), 7, 5, ResizeFilter::bicubic).rgb == sample_image().rgb); }

TEST_CASE("a flat image stays flat at every size") {
  Image flat = make_image(37, 23);
  for (std::size_t i = 0; i < flat.rgb.size(); ++i) flat.rgb[i] = static_cast<std::uint8_t>(i % 3 == 0 ? 255 : i % 3 == 1 ? 0 : 77);
  for (const int size : {1, 2, 5, 22, 38, 101}) {
    for (const ResizeFilter filter : {ResizeFilter::bilinear, ResizeFilter::bicubic}) {
      const Image resized = resize_image(flat, size, size, filter);
      REQUIRE(resized.rgb.size() == static_cast<std::size_t>(3 * size * size));
      for (std::size_t i = 0; i < resized.rgb.size(); ++i) REQUIRE(resized.rgb[i] == flat.rgb[i % 3]);
    }
  }
}

TEST_CASE("a box outside the image and a result without pixels are our own mistakes") {
  const Image image = sample_image();
  CHECK_THROWS_AS(resize_image(image, {3, 0, 5, 5}, 2, 2, ResizeFilter::bilinear), std::logic_error);
  CHECK_THROWS_AS(resize_image(image, {0, -1, 5, 5}, 2, 2, ResizeFilter::bilinear), std::logic_error);
  CHECK_THROWS_AS(resize_image(image, {0, 0, 0, 5}, 2, 2, ResizeFilter::bilinear), std::logic_error);
  CHECK_THROWS_AS(resize_image(image, 0, 2, ResizeFilter::bilinear), std::logic_error);
}
