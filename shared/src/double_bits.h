#pragma once

#include <cstdint>
#include <cstring>

namespace lobule {

/// The bits of an IEEE 754 double, and back: std::bit_cast, which Emscripten's library does not have.
inline std::uint64_t bits_of(double value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline double double_of(std::uint64_t bits) {
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace lobule
