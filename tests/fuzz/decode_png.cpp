#include "../core/encoded_fixtures.h"
#include "decode.h"

namespace {

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

/// The same chunks with right CRCs: chance alone would never get behind the check of them.
std::string with_right_crcs(std::string png) {
  for (std::size_t chunk = 8; chunk + 12 <= png.size();) {
    const std::size_t length = big_endian(png, chunk);
    if (length > png.size() - chunk - 12) break;
    png.replace(chunk + 8 + length, 4, lobule::fixtures::big32(lobule::fixtures::crc32(std::string_view(png).substr(chunk + 4, 4 + length))));
    chunk += 12 + length;
  }
  return png;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string png = lobule::fuzz::text_of(data, size);
  lobule::fuzz::check_decoding(png);
  lobule::fuzz::check_decoding(with_right_crcs(png));
  return 0;
}
