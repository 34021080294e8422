#include "exif.h"

#include <catch2/catch.hpp>

using namespace lobule;

namespace {

/// 3 x 2 pixels, each with its letter in all channels, written as rows.
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

}  // namespace

TEST_CASE("each EXIF orientation is undone") {
  // The picture to be seen is "abc" over "def"; stored is what a camera held in that way writes (CIPA DC-008, 4.6.5.1.1).
  struct Stored {
    int orientation;
    int width;
    std::string text;
  };
  for (const Stored& stored :
       {Stored{1, 3, "abcdef"}, {2, 3, "cbafed"}, {3, 3, "fedcba"}, {4, 3, "defabc"}, {5, 2, "adbecf"}, {6, 2, "cfbead"}, {7, 2, "fcebda"}, {8, 2, "daebfc"}}) {
    INFO("orientation " << stored.orientation);
    const Image upright = apply_orientation(letters(stored.width, stored.text), stored.orientation);
    CHECK(upright.width == 3);
    CHECK(text_of(upright) == "abcdef");
  }
}

TEST_CASE("EXIF whose directory lies beyond its end says nothing, also where the offset would wrap around in 32 bits") {
  for (const char last : {'\x0F', '\xFE', '\xFF'}) {
    const char high = last == '\x0F' ? '\0' : '\xFF';
    const std::string segment = std::string("Exif\0\0MM\0*", 10) + high + high + high + last + std::string(4, '\0');
    CHECK(exif_orientation(std::as_bytes(std::span(segment.data(), segment.size()))) == 1);
  }
}

TEST_CASE("an orientation out of range is our own mistake") {
  CHECK_THROWS_AS(apply_orientation(letters(1, "a"), 0), std::logic_error);
  CHECK_THROWS_AS(apply_orientation(letters(1, "a"), 9), std::logic_error);
}
