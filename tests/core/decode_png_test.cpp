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

TEST_CASE("pixel data that are more than the image's are refused") {
  CHECK_THROWS_WITH(decode(png(1, 1, 8, 0, std::string("\0\x01\0\x02", 4))), Contains("more pixels than the header says"));
  CHECK_THROWS_WITH(decode(png(1, 1, 8, 0, std::string(60000, '\0'))), Contains("more pixels than the header says"));
}

TEST_CASE("pixel data whose own checksum is wrong are refused although the chunk's is right") {
  const std::string rows("\0\x01", 2);
  std::string stream = zlib_stored(rows);
  const auto with_pixels = [](const std::string& data) { return png_header(1, 1, 8, 0) + png_chunk("IDAT", data) + png_chunk("IEND", ""); };
  CHECK(decode(with_pixels(stream)) == Samples{1, 1, 1});
  CHECK(decode(with_pixels(stream + "behind it")) == Samples{1, 1, 1});
  for (std::size_t missing = 1; missing <= 4; ++missing)
    CHECK_THROWS_WITH(decode(with_pixels(stream.substr(0, stream.size() - missing))), Contains("checksum"));
  stream.back() = static_cast<char>(stream.back() ^ 1);
  CHECK_THROWS_WITH(decode(with_pixels(stream)), Contains("checksum of the inflated data"));
}

TEST_CASE("a large image in a file too small to hold it is refused before memory is taken") {
  CHECK_THROWS_WITH(decode(png(8000, 6000, 16, 6, "\0")), Equals("PNG is damaged: it holds too few pixel data for its size"));
  CHECK_THROWS_WITH(decode(png(8000, 6000, 1, 0, "\0")), Equals("PNG is damaged: it holds too few pixel data for its size"));
}
