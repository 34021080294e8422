#include "lobule/encode.h"

#include <catch2/catch.hpp>

#include "lobule/sha256.h"

using namespace lobule;

TEST_CASE("a written PNG has the same bytes in every build") {
  Image image = make_image(64, 40);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<std::uint8_t>(i * i / 97 + i);
  // Hash of the native build; this test runs as WebAssembly, too. That the pixels come back is checked in decode_png_test.
  CHECK(sha256_hex(encode_png(image)) == "ea433682689c4157a9133aba37160c44b21eba836b0a78504a59f65d31ee35d6");
}

TEST_CASE("an image whose buffer does not fit its size is not written") {
  CHECK_THROWS_AS(encode_png(Image{2, 2, std::vector<std::uint8_t>(11)}), std::logic_error);
  CHECK_THROWS_AS(encode_png(Image{}), std::logic_error);
}
