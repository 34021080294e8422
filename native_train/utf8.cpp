#include "utf8.h"

#include <cstddef>

namespace lobule {

bool is_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    if (length == 0 || text.size() - i < length) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    }
    // The second byte's range depends on the first (RFC 3629, section 4).
    if (lead == 0xE0 && byte(i + 1) < 0xA0) return false;  // overlong
    if (lead == 0xED && byte(i + 1) > 0x9F) return false;  // surrogate
    if (lead == 0xF0 && byte(i + 1) < 0x90) return false;  // overlong
    if (lead == 0xF4 && byte(i + 1) > 0x8F) return false;  // above U+10FFFF
    i += length;
  }
  return true;
}

}  // namespace lobule
