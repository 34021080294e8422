#include <catch2/catch.hpp>

#include "encoded_fixtures.h"
#include "lobule/decode.h"

using namespace lobule;
using namespace lobule::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using Samples = std::vector<std::uint8_t>;

namespace {

constexpr DecodeLimits kAnySize = {.min_side = 1};

Samples decode(const std::string& encoded) { return decode_image(as_bytes(encoded), kAnySize).rgb; }

// 2 x 2 pixels, B G R, rows padded to 8 bytes; the bottom row comes first.
const std::string kBottom("\x03\x02\x01\x06\x05\x04\0\0", 8);
const std::string kTop("\x13\x12\x11\x16\x15\x14\0\0", 8);
const Samples kExpected = {0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 1, 2, 3, 4, 5, 6};

}  // namespace

TEST_CASE("a BMP of 24 bits is read bottom-up and top-down") {
  CHECK(decode(bmp(2, 2, 24, kBottom + kTop)) == kExpected);
  CHECK(decode(bmp(2, -2, 24, kTop + kBottom)) == kExpected);
}

TEST_CASE("the fourth byte of a BMP without an alpha mask is padding") {
  CHECK(decode(bmp(2, 1, 32, std::string("\x03\x02\x01\x00\x06\x05\x04\x80", 8))) == Samples{1, 2, 3, 4, 5, 6});
}

TEST_CASE("a BMP of 8, 4 and 1 bits takes its colours from the palette") {
  const std::string palette("\x1E\x14\x0A\0\x32\x64\xC8\0", 8);  // (10, 20, 30), (200, 100, 50)
  const Samples expected = {10, 20, 30, 200, 100, 50};
  CHECK(decode(bmp(2, 1, 8, std::string("\0\1\0\0", 4), 0, palette)) == expected);
  CHECK(decode(bmp(2, 1, 4, std::string("\x01\0\0\0", 4), 0, palette)) == expected);
  CHECK(decode(bmp(2, 1, 1, std::string("\x40\0\0\0", 4), 0, palette)) == expected);
}

TEST_CASE("a pixel beyond a BMP's palette is black, on every machine") {
  CHECK(decode(bmp(2, 1, 8, std::string("\0\7\0\0", 4), 0, std::string("\x1E\x14\x0A\0", 4))) == Samples{10, 20, 30, 0, 0, 0});
}

TEST_CASE("an OS/2 header has three bytes a colour, and the last colours count") {
  std::string palette;
  for (int i = 0; i < 256; ++i) palette += std::string(2, static_cast<char>(i)) + static_cast<char>(255 - i);
  const std::string info = little32(12) + little16(2) + little16(1) + little16(1) + little16(8);
  const std::string header = "BM" + little32(0) + little32(0) + little32(static_cast<std::uint32_t>(14 + info.size() + palette.size()));
  CHECK(decode(header + info + palette + std::string("\x02\xFF\0\0", 4)) == Samples{253, 2, 2, 0, 255, 255});
}

TEST_CASE("colour masks of 32 bits are followed, their alpha over white") {
  // Red lowest, alpha highest, in the longest and the shortest header that hold four masks.
  const std::string masks = little32(0xFF) + little32(0xFF00) + little32(0xFF0000) + little32(0xFF000000);
  for (const std::uint32_t info_bytes : {56U, 108U, 124U}) {
    const std::string info = little32(info_bytes) + little32(2) + little32(1) + little16(1) + little16(32) + little32(3) + std::string(20, '\0') + masks +
                             std::string(info_bytes - 56, '\0');
    const std::string header = "BM" + little32(0) + little32(0) + little32(14 + info_bytes);
    INFO(info_bytes << " bytes of header");
    CHECK(decode(header + info + std::string("\x01\x02\x03\xFF\x01\x02\x03\x00", 8)) == Samples{1, 2, 3, 255, 255, 255});
  }
}

TEST_CASE("a BMP of 16 bits spreads 5 bits a colour over the whole range") {
  // 0 rrrrr ggggg bbbbb: 31, 16, 0, and 1, 0, 31.
  CHECK(decode(bmp(2, 1, 16, little16(31 << 10 | 16 << 5) + little16(1 << 10 | 31))) == Samples{255, 132, 0, 8, 0, 255});
}

TEST_CASE("a BMP cut off anywhere is refused") {
  const std::string whole = bmp(2, 2, 24, kBottom + kTop);
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    INFO(length << " of " << whole.size() << " bytes");
    CHECK_THROWS_AS(decode(whole.substr(0, length)), std::runtime_error);
  }
  // The padding of the last row holds no pixel, and some programs leave it out.
  CHECK(decode(whole.substr(0, whole.size() - 2)) == kExpected);
}

TEST_CASE("kinds of BMP that are not read are refused by name") {
  CHECK_THROWS_WITH(decode(bmp(2, 2, 8, kBottom + kTop, 1)), Contains("run-length coded"));
  CHECK_THROWS_WITH(decode(bmp(2, 2, 0, kBottom + kTop, 5)), Contains("embedded JPEG or PNG"));
  CHECK_THROWS_WITH(decode(bmp(2, 2, 24, kBottom + kTop, 3)), Contains("colour masks at 24 bits"));
  CHECK_THROWS_WITH(decode(bmp(2, 2, 2, kBottom + kTop)), Equals("BMP has 2 bits a pixel, which is not read"));
  CHECK_THROWS_WITH(decode(bmp(0, 2, 24, kBottom + kTop)), Equals("BMP has no pixels"));
  CHECK_THROWS_WITH(decode(bmp(2, INT32_MIN, 24, kBottom + kTop)), Contains("impossible size"));
  std::string unknown_header = bmp(2, 2, 24, kBottom + kTop);
  unknown_header[14] = 64;
  CHECK_THROWS_WITH(decode(unknown_header), Contains("unknown header of 64 bytes"));
}

TEST_CASE("limits are checked from a BMP's header") {
  CHECK_THROWS_WITH(decode(bmp(9000, 2, 24, kBottom)), Equals("BMP is 9000x2 pixels; the limit is 8192 a side"));
  CHECK_THROWS_WITH(decode(bmp(2, -9000, 24, kBottom)), Equals("BMP is 2x9000 pixels; the limit is 8192 a side"));
}
