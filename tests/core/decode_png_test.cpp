#include <catch2/catch.hpp>

#include "encoded_fixtures.h"
#include "lobule/decode.h"
#include "lobule/encode.h"
#include "lobule/portable_math.h"

using namespace lobule;
using namespace lobule::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using Samples = std::vector<std::uint8_t>;

namespace {

Image noise(int width, int height) {
  Image image = make_image(width, height);
  SplitMix64 random(7);
  for (std::uint8_t& sample : image.rgb) sample = static_cast<std::uint8_t>(random.below(256));
  return image;
}

constexpr DecodeLimits kAnySize = {.min_side = 1};

Samples decode(const std::string& encoded) { return decode_image(as_bytes(encoded), kAnySize).rgb; }

const std::string kPalette = png_chunk("PLTE", std::string("\x0A\x14\x1E\xC8\x64\x32", 6));  // (10, 20, 30), (200, 100, 50)

}  // namespace

TEST_CASE("a PNG that was written is read back pixel for pixel") {
  for (const auto& [width, height] : {std::pair{1, 1}, {31, 17}, {200, 3}}) {
    const Image image = noise(width, height);
    const Image read = decode_image(as_bytes(encode_png(image)), kAnySize);
    CHECK(read.width == width);
    CHECK(read.height == height);
    CHECK(read.rgb == image.rgb);
  }
}

TEST_CASE("a PNG cut off anywhere is refused") {
  const std::string whole = encode_png(noise(5, 4));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length << " of " << whole.size() << " bytes");
    CHECK_THROWS_AS(decode(whole.substr(0, length)), std::runtime_error);
  }
}

TEST_CASE("a PNG with any one bit flipped is refused") {
  const std::string whole = encode_png(noise(5, 4));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      INFO("byte " << i << ", bit " << bit);
      CHECK_THROWS_AS(decode(damaged), std::runtime_error);
    }
  }
}

TEST_CASE("bytes behind a PNG's end are tolerated") {
  const Image image = noise(3, 3);
  CHECK(decode(encode_png(image) + "trailing") == image.rgb);
}

TEST_CASE("limits are checked from a PNG's header, before its pixels") {
  // No pixel chunk follows: whoever went on reading would say so.
  CHECK_THROWS_WITH(decode(png_header(20000, 20000, 8, 2)), Equals("PNG is 20000x20000 pixels; the limit is 8192 a side"));
  CHECK_THROWS_WITH(decode(png_header(8192, 8192, 8, 2)), Equals("PNG is 8192x8192 pixels; the limit is 50000000 in all"));
  CHECK_THROWS_WITH(decode(png_header(8192, 6103, 8, 2)), Contains("truncated"));
  CHECK_THROWS_WITH(read_image_header(as_bytes(png_header(11, 3, 8, 2)), {10, 100}), Contains("10 a side"));
}

TEST_CASE("a dot is no image to classify") {
  CHECK_THROWS_WITH(decode_image(as_bytes(encode_png(noise(1, 1)))), Equals("PNG is 1x1 pixels; at least 16 a side are needed"));
  CHECK_THROWS_WITH(decode_image(as_bytes(encode_png(noise(200, 15)))), Contains("at least 16 a side"));
  CHECK_NOTHROW(decode_image(as_bytes(encode_png(noise(16, 16)))));
}

TEST_CASE("16-bit samples keep their high byte") {
  const std::string rgb("\0\x12\xFF\x80\x00\xFF\xFF", 7);
  CHECK(decode(png(1, 1, 16, 2, rgb)) == Samples{0x12, 0x80, 0xFF});
  CHECK(decode(png(1, 1, 16, 0, std::string("\0\x7F\xFF", 3))) == Samples{0x7F, 0x7F, 0x7F});
}

TEST_CASE("alpha is composed over white and rounded to nearest") {
  const std::string rgba("\0\x0A\x14\x1E\xFF\x0A\x14\x1E\x00\x0A\x14\x1E\x80", 13);
  // 128 / 255 of (10, 20, 30) and 127 / 255 of white: 132.02, 137.04, 142.06
  CHECK(decode(png(3, 1, 8, 6, rgba)) == Samples{10, 20, 30, 255, 255, 255, 132, 137, 142});
  CHECK(decode(png(1, 1, 8, 4, std::string("\0\x00\x01", 3))) == Samples{254, 254, 254});
}

TEST_CASE("grey of 1, 2 and 4 bits spreads over the whole range") {
  CHECK(decode(png(2, 1, 1, 0, std::string("\0\x40", 2))) == Samples{0, 0, 0, 255, 255, 255});
  CHECK(decode(png(2, 1, 2, 0, std::string("\0\x60", 2))) == Samples{85, 85, 85, 170, 170, 170});
  CHECK(decode(png(2, 1, 4, 0, std::string("\0\x1E", 2))) == Samples{17, 17, 17, 238, 238, 238});
}

TEST_CASE("palettes become RGB, with their transparency over white") {
  const std::string rows("\0\x00\x01", 3);
  CHECK(decode(png(2, 1, 8, 3, rows, kPalette)) == Samples{10, 20, 30, 200, 100, 50});
  CHECK(decode(png(2, 1, 8, 3, rows, kPalette + png_chunk("tRNS", std::string(1, '\0')))) == Samples{255, 255, 255, 200, 100, 50});
}

TEST_CASE("a pixel beyond the palette is black, on every machine") { CHECK(decode(png(1, 1, 8, 3, std::string("\0\x09", 2), kPalette)) == Samples{0, 0, 0}); }

TEST_CASE("a colour that tRNS calls transparent becomes white") {
  const std::string rows("\0\x01\x02\x03\x01\x02\x04", 7);
  CHECK(decode(png(2, 1, 8, 2, rows, png_chunk("tRNS", std::string("\0\x01\0\x02\0\x03", 6)))) == Samples{255, 255, 255, 1, 2, 4});
}

TEST_CASE("a PNG whose chunks break the rules is refused by name") {
  const std::string rows("\0\x00", 2);
  const std::string pixels = png_chunk("IDAT", zlib_stored(rows));
  const std::string end = png_chunk("IEND", "");
  const std::string header = png_header(1, 1, 8, 3);
  CHECK_THROWS_WITH(decode(header + pixels + end), Equals("PNG lacks its palette"));
  CHECK_THROWS_WITH(decode(header + kPalette + end), Equals("PNG holds no pixel data"));
  CHECK_THROWS_WITH(decode(header + kPalette + kPalette + pixels + end), Equals("PNG has a palette out of place"));
  CHECK_THROWS_WITH(decode(header + kPalette + pixels + png_chunk("tEXt", "a") + pixels + end), Equals("PNG has other chunks between its pixels"));
  CHECK_THROWS_WITH(decode(header + kPalette + png_chunk("ABCD", "") + pixels + end), Equals("PNG has an unknown critical chunk ABCD"));
  CHECK_THROWS_WITH(decode(header + header.substr(8) + pixels + end), Equals("PNG has two headers"));
  CHECK_THROWS_WITH(decode(png(1, 1, 3, 2, rows)), Contains("colour type 2 with 3 bits"));
  CHECK_THROWS_WITH(decode(png(0, 1, 8, 2, rows)), Equals("PNG has no pixels"));
  CHECK_THROWS_WITH(decode("\x89PNG\r\n\x1A\n" + png_chunk("CgBI", "abcd") + header.substr(8)), Contains("iPhone"));
}

TEST_CASE("pixel data that end early are refused although every checksum is right") {
  CHECK_THROWS_WITH(decode(png(2, 2, 8, 0, std::string("\0\x01\x02", 3))), Contains("PNG pixel data are damaged"));
}

TEST_CASE("pixel data far larger than the image end at the memory limit") {
  // Deflate with its fixed codes: one literal, then 400,000 copies of 258 bytes, 13 bits each: 0.65 MB that unpack to 103 MB.
  std::string stream("\x78\x01", 2);
  int filled = 8;
  const auto put = [&](std::uint32_t bits, int count) {
    for (int i = 0; i < count; ++i) {
      if (filled == 8) {
        stream += '\0';
        filled = 0;
      }
      stream.back() = static_cast<char>(stream.back() | ((bits >> i & 1) << filled++));
    }
  };
  put(0b011, 3);                                              // last block, fixed codes
  put(0b00001100, 8);                                         // literal 0
  for (int i = 0; i < 400000; ++i) put(0b0000010100011, 13);  // length 258 (11000101, first bit lowest), distance 1 (00000)
  put(0, 7);                                                  // end
  const std::string bomb = png_header(1, 1, 8, 0) + png_chunk("IDAT", stream) + png_chunk("IEND", "");
  CHECK_THROWS_WITH(decode(bomb), Contains("needs more memory than an image of its size can"));
}
