#pragma once

#include <cstddef>
#include <cstdint>

namespace lobule {

// Bilinear sampling along a row, once for each kind of machine (affine_rows_*.cpp), with the same bytes.

inline constexpr int kFractionBits = 32;  // of a source position
inline constexpr int kWeightBits = 8;     // of a bilinear weight

/// A source position and its step from one output pixel to the next, in pixels times 2^kFractionBits.
struct SourceWalk {
  std::int64_t x;
  std::int64_t y;
  std::int64_t step_x;
  std::int64_t step_y;
};

/// The second neighbour's weight, 0..255 of 256.
inline int weight_of(std::int64_t position) { return static_cast<int>(position >> (kFractionBits - kWeightBits) & 255); }

/// A channel of an output pixel out of its four neighbours.
inline std::uint8_t blend(int upper_left, int upper_right, int lower_left, int lower_right, int right, int down) {
  const int above = (256 - right) * upper_left + right * upper_right;
  const int below = (256 - right) * lower_left + right * lower_right;
  return static_cast<std::uint8_t>(((256 - down) * above + down * below + (1 << 15)) >> 16);
}

/// `count` pixels whose four neighbours all lie in the image; of each the two bytes behind its right neighbours may be read, too. stride: bytes a row.
void sample_inside(const std::uint8_t* rgb, std::ptrdiff_t stride, SourceWalk walk, int count, std::uint8_t* out);

}  // namespace lobule
