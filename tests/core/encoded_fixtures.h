#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Small encoded images for decoder tests: three JPEGs as bytes, PNG and BMP built by hand. Node has no file system for them.
namespace lobule::fixtures {

inline std::span<const std::byte> as_bytes(const std::string& text) { return std::as_bytes(std::span(text.data(), text.size())); }

inline std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  return bytes;
}

inline std::string big32(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

inline std::string little16(std::uint32_t value) { return {static_cast<char>(value), static_cast<char>(value >> 8)}; }

inline std::string little32(std::uint32_t value) { return little16(value) + little16(value >> 16); }

/// Bit by bit, unlike the decoder's: CRC-32 of ISO 3309.
inline std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? 0xEDB88320U ^ (crc >> 1) : crc >> 1;
  }
  return ~crc;
}

inline std::string png_chunk(const std::string& name, const std::string& data) {
  return big32(static_cast<std::uint32_t>(data.size())) + name + data + big32(crc32(name + data));
}

/// zlib stream of one stored block (RFC 1950, 1951). rows: a filter byte, then the samples, for each row.
inline std::string zlib_stored(const std::string& rows) {
  const auto size = static_cast<std::uint32_t>(rows.size());
  std::uint32_t low = 1;
  std::uint32_t high = 0;
  for (const char byte : rows) {
    low = (low + static_cast<std::uint8_t>(byte)) % 65521;
    high = (high + low) % 65521;
  }
  return "\x78\x01\x01" + little16(size) + little16(~size) + rows + big32(high << 16 | low);
}

inline std::string png_header(std::uint32_t width, std::uint32_t height, int depth, int color_type) {
  const std::string methods(3, '\0');
  return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", big32(width) + big32(height) + static_cast<char>(depth) + static_cast<char>(color_type) + methods);
}

/// before_pixels: whole chunks (PLTE, tRNS).
inline std::string png(std::uint32_t width, std::uint32_t height, int depth, int color_type, const std::string& rows, const std::string& before_pixels = "") {
  return png_header(width, height, depth, color_type) + before_pixels + png_chunk("IDAT", zlib_stored(rows)) + png_chunk("IEND", "");
}

/// A BMP with a 40-byte header. pixels: rows with their padding, the bottom one first unless height is negative.
inline std::string bmp(int width, int height, int bits, const std::string& pixels, std::uint32_t compression = 0, const std::string& palette = "") {
  const std::string info = little32(40) + little32(static_cast<std::uint32_t>(width)) + little32(static_cast<std::uint32_t>(height)) + little16(1) +
                           little16(static_cast<std::uint32_t>(bits)) + little32(compression) + std::string(20, '\0');
  const auto offset = static_cast<std::uint32_t>(14 + info.size() + palette.size());
  return "BM" + little32(offset + static_cast<std::uint32_t>(pixels.size())) + little32(0) + little32(offset) + info + palette + pixels;
}

/// 17 x 13 pixels: a purple box on a gradient, 4:4:4. The progressive one holds the same coefficients in ten scans. The third one is 4:2:0
/// with a restart marker behind each unit of 16 x 16 pixels. Written by Pillow 13 (libjpeg-turbo).
inline constexpr std::string_view kBaselineJpeg =
    "ffd8ffe000104a46494600010100000100010000ffdb0043000503040404030504040405050506070c08070707070f0b0b090c110f1212110f111113161c1713"
    "141a1511111821181a1d1d1f1f1f13172224221e241c1e1f1effdb0043010505050706070e08080e1e1411141e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e"
    "1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1effc0001108000d001103011100021101031101ffc400180000020300000000000000"
    "0000000000000205030406ffc400221000010303040301000000000000000000010203040005140611121331415162ffc4001901000203010000000000000000"
    "00000000040502030607ffc4001f1100020104020300000000000000000000000302010411131214052131ffda000c03010002110311003f0057afee92ac0616"
    "332c2f23b3976a49db8f1f1b11f6b41e3b1714966bf306ceeaee51ad3885a3a53f7cb53b2e434d21687cb6036081b04a4fb27ed1cc6e99f1c8b59735c7b1c607"
    "e6a7db05ec9b3723375cf94f91739b22bb919ba66a7c854e6c88b19145ef901ed91fffd9";

inline constexpr std::string_view kProgressiveJpeg =
    "ffd8ffe000104a46494600010100000100010000ffdb0043000503040404030504040405050506070c08070707070f0b0b090c110f1212110f111113161c1713"
    "141a1511111821181a1d1d1f1f1f13172224221e241c1e1f1effdb0043010505050706070e08080e1e1411141e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e"
    "1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1effc2001108000d001103011100021101031101ffc400180000020300000000000000"
    "0000000000000104020305ffc400190100020301000000000000000000000000030401020506ffda000c030100021003100000015743649d67245b3cfdeb6558"
    "983fffc400191000020301000000000000000000000000000102030412ffda0008010100010502df6ca831c9df57038a1c51c9ffc4001a110003010003000000"
    "000000000000000000010203121331ffda0008010301013f01d756bc2b43b0ba65d33933ffc4001b110003000203000000000000000000000000010211120413"
    "23ffda0008010201013f01e3fa64aad1e0ed26d936cdd9ffc4001c1000010305000000000000000000000000010211310012202122ffda0008010100063f0245"
    "a074f3454a025b58ff00ffc4001c10000201050100000000000000000000000001111021315171a1ffda0008010100013f21bd9e486a04c435e447350207ffda"
    "000c0301000200030000001025dc3fffc4001811000203000000000000000000000000000001112021ffda0008010301013f106883636b4affc4001811000301"
    "010000000000000000000000000111310020ffda0008010201013f10506316aae7b5ffc400191001010100030000000000000000000000015111002041ffda00"
    "08010100013f1066ec4e4312f1aefc010c13d5bd64bfffd9";

inline constexpr std::string_view kRestartJpeg =
    "ffd8ffe000104a46494600010100000100010000ffdb0043000503040404030504040405050506070c08070707070f0b0b090c110f1212110f111113161c1713"
    "141a1511111821181a1d1d1f1f1f13172224221e241c1e1f1effdb0043010505050706070e08080e1e1411141e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e"
    "1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1effc0001108000d001103012200021101031101ffc4001a0000010501000000000000"
    "00000000000000020304050607ffc400221000010303040301000000000000000000010002030405140611121331415162ffc400150101010000000000000000"
    "0000000000000504ffc4001e11000104010500000000000000000000000100020411051314152151ffdd00040001ffda000c03010002110311003f00abd7f74a"
    "ab01a2c68607e47672ed693b71e3e3623ea568eaa9ef96a96aea22898f64e63023040d835a7d93f574b929a351e4a68d21172e34c3437bf53d2e73ac9b5fffd0"
    "7b03f285a6c66213fc9b955bf2bfffd9";

}  // namespace lobule::fixtures
