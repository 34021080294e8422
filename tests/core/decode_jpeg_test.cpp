#include <catch2/catch.hpp>

#include <algorithm>

#include "encoded_fixtures.h"
#include "lobule/decode.h"
#include "lobule/sha256.h"

using namespace lobule;
using namespace lobule::fixtures;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;

namespace {

constexpr DecodeLimits kAnySize = {.min_side = 1};

Image decode(const std::string& encoded) { return decode_image(as_bytes(encoded), kAnySize); }

/// Offset of the first marker with this code.
std::size_t find_marker(const std::string& jpeg, int code) {
  const std::size_t offset = jpeg.find(std::string{'\xFF', static_cast<char>(code)});
  REQUIRE(offset != std::string::npos);
  return offset;
}

/// A byte of the frame header, counted from its marker, changed.
std::string with_frame_byte(std::string jpeg, std::size_t index, int value) {
  jpeg[find_marker(jpeg, 0xC0) + index] = static_cast<char>(value);
  return jpeg;
}

/// The first segment with this marker left out.
std::string without_segment(std::string jpeg, int code) {
  const std::size_t offset = find_marker(jpeg, code);
  const std::size_t length = static_cast<std::uint8_t>(jpeg[offset + 2]) * std::size_t{256} + static_cast<std::uint8_t>(jpeg[offset + 3]);
  return jpeg.erase(offset, 2 + length);
}

/// An EXIF segment whose only entry is the orientation, put behind SOI.
std::string with_exif(std::string jpeg, const std::string& tiff) {
  const std::string data = std::string("Exif\0\0", 6) + tiff;
  const std::size_t length = data.size() + 2;
  return jpeg.insert(2, std::string("\xFF\xE1") + static_cast<char>(length >> 8) + static_cast<char>(length) + data);
}

std::string exif_little_endian(int orientation) {
  return std::string("II*\0", 4) + little32(8) + little16(1) + little16(0x0112) + little16(3) + little32(1) + little32(static_cast<std::uint32_t>(orientation));
}

const std::string kBaseline = from_hex(kBaselineJpeg);
const std::string kProgressive = from_hex(kProgressiveJpeg);
const std::string kRestart = from_hex(kRestartJpeg);

}  // namespace

TEST_CASE("JPEG pixels are the same bits in every build") {
  // Hashes of the native build; this test runs as WebAssembly, too.
  CHECK(pixel_sha256(decode(kBaseline)) == "60c9e229c0952bc808b2b3df29c21d445c492272e02ee6884ec6e150e9fcba4e");
  CHECK(pixel_sha256(decode(kRestart)) == "2a260d741465f822e3505afea4e17496dda77f840bf08294cd88bf9426626c4a");
}

TEST_CASE("JPEG pixels come close to what was encoded") {
  const Image image = decode(kBaseline);
  REQUIRE(image.width == 17);
  REQUIRE(image.height == 13);
  // The middle of the purple box (90, 40, 130): quality 85 leaves a few steps.
  const std::uint8_t* pixel = &image.rgb[3 * (5 * 17 + 7)];
  CHECK(pixel[0] == Approx(90).margin(12));
  CHECK(pixel[1] == Approx(40).margin(12));
  CHECK(pixel[2] == Approx(130).margin(12));
}

TEST_CASE("progressive and baseline JPEG of the same coefficients give the same pixels") { CHECK(decode(kProgressive).rgb == decode(kBaseline).rgb); }

TEST_CASE("a JPEG cut off anywhere is refused") {
  for (const std::string& whole : {kBaseline, kProgressive, kRestart}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      INFO(length << " of " << whole.size() << " bytes");
      CHECK_THROWS_AS(decode(whole.substr(0, length)), std::runtime_error);
    }
  }
}

TEST_CASE("a JPEG whose scan ends early is refused although its end marker is there") {
  for (const std::string& whole : {kBaseline, kProgressive, kRestart}) {
    const std::size_t scan_data = find_marker(whole, 0xDA) + 14;
    // Four bytes of the last scan left out. Fewer can be spare: a scan ends with up to seven filling bits.
    std::string damaged = whole;
    damaged.erase(whole.size() - 6, 4);
    REQUIRE(damaged.size() > scan_data);
    CHECK_THROWS_AS(decode(damaged), std::runtime_error);
  }
  std::string halved = kBaseline;
  halved.erase(halved.size() - 40, 38);
  CHECK_THROWS_WITH(decode(halved), Contains("JPEG pixel data are damaged"));
}

TEST_CASE("a progressive JPEG that lacks its last scan is refused") {
  const std::size_t last_scan = kProgressive.rfind("\xFF\xDA");
  CHECK_THROWS_WITH(decode(kProgressive.substr(0, last_scan) + "\xFF\xD9"), Equals("JPEG is incomplete: not all of its scans are there"));
}

TEST_CASE("missing or misplaced restart markers are refused") {
  std::string missing = kRestart;
  missing.erase(find_marker(kRestart, 0xD0), 2);
  CHECK_THROWS_WITH(decode(missing), Contains("JPEG is damaged"));
  std::string misplaced = kRestart;
  misplaced[find_marker(kRestart, 0xD0) + 1] = '\xD3';
  CHECK_THROWS_WITH(decode(misplaced), Contains("restart markers are out of order"));
}

TEST_CASE("kinds of JPEG that are not read are refused by name") {
  CHECK_THROWS_WITH(decode(with_frame_byte(kBaseline, 1, 0xC3)), Contains("lossless"));
  CHECK_THROWS_WITH(decode(with_frame_byte(kBaseline, 1, 0xC9)), Contains("arithmetic"));
  CHECK_THROWS_WITH(decode(with_frame_byte(kBaseline, 1, 0xC5)), Contains("hierarchical"));
  CHECK_THROWS_WITH(decode(with_frame_byte(kBaseline, 4, 12)), Contains("12-bit"));
  CHECK_THROWS_WITH(decode(with_frame_byte(kBaseline, 9, 4)), Contains("CMYK"));
  CHECK_THROWS_WITH(decode(with_frame_byte(kBaseline, 9, 2)), Contains("2 colour components"));
  CHECK_THROWS_WITH(decode(with_frame_byte(with_frame_byte(kBaseline, 11, 0x31), 14, 0x21)), Contains("fractional ratio"));
}

TEST_CASE("a JPEG that lacks a table is refused") {
  CHECK_THROWS_WITH(decode(without_segment(kBaseline, 0xC4)), Equals("JPEG lacks a Huffman table"));
  CHECK_THROWS_WITH(decode(without_segment(kBaseline, 0xDB)), Equals("JPEG lacks a quantisation table"));
  CHECK_THROWS_WITH(decode(without_segment(kBaseline, 0xC0)), Equals("JPEG has no frame header"));
}

TEST_CASE("limits are checked from a JPEG's header, before its scans") {
  std::string wide = kBaseline;
  const std::size_t frame = find_marker(wide, 0xC0);
  wide.replace(frame + 5, 4, std::string("\x4E\x20\x4E\x20", 4));
  CHECK_THROWS_WITH(decode(wide), Equals("JPEG is 20000x20000 pixels; the limit is 8192 a side"));
}

TEST_CASE("a large JPEG in a file too small to hold it is refused before memory is taken") {
  std::string hollow = kBaseline;
  hollow.replace(find_marker(hollow, 0xC0) + 5, 4, std::string("\x17\x70\x1F\x40", 4));
  CHECK_THROWS_WITH(decode(hollow), Equals("JPEG is damaged: a scan is too short for an image of 8000x6000 pixels"));
}

TEST_CASE("bytes behind a JPEG's end are tolerated") { CHECK(decode(kBaseline + "preview").rgb == decode(kBaseline).rgb); }

TEST_CASE("a JPEG is turned as its EXIF orientation says, in both byte orders") {
  const Image upright = decode(kBaseline);
  const Image turned = decode(with_exif(kBaseline, exif_little_endian(6)));
  REQUIRE(turned.width == 13);
  REQUIRE(turned.height == 17);
  // Orientation 6: to be turned clockwise. The stored top left comes to the top right.
  CHECK(std::equal(upright.rgb.begin(), upright.rgb.begin() + 3, turned.rgb.begin() + 3 * 12));
  const std::string big_endian = std::string("MM\0*", 4) + big32(8) + std::string("\0\1\1\x12\0\3\0\0\0\1\0\6\0\0", 14);
  CHECK(decode(with_exif(kBaseline, big_endian)).rgb == turned.rgb);
  CHECK(read_image_header(as_bytes(with_exif(kBaseline, exif_little_endian(6))), kAnySize).exif_orientation == 6);
}

TEST_CASE("broken EXIF leaves a JPEG as it is stored") {
  const Image upright = decode(kBaseline);
  const std::string whole = exif_little_endian(6);
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    INFO(length << " bytes of EXIF");
    CHECK(decode(with_exif(kBaseline, whole.substr(0, length))).rgb == upright.rgb);
  }
  CHECK(decode(with_exif(kBaseline, exif_little_endian(0))).rgb == upright.rgb);
  CHECK(decode(with_exif(kBaseline, exif_little_endian(9))).rgb == upright.rgb);
  CHECK(decode(with_exif(kBaseline, std::string("II*\0\xFF\xFF\xFF\xFF", 8))).rgb == upright.rgb);
}

TEST_CASE("a JPEG damaged in any byte is refused or decoded, but never crashes") {
  for (std::size_t i = 2; i < kProgressive.size(); ++i) {
    for (const int value : {0x00, 0xFF, 0x11, 0xD9}) {
      std::string damaged = kProgressive;
      damaged[i] = static_cast<char>(value);
      try {
        const Image image = decode(damaged);
        CHECK(image.rgb.size() == std::size_t{3} * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height));
      } catch (const std::runtime_error& error) {
        CHECK_THAT(error.what(), Contains("JPEG"));
      }
    }
  }
}
