#include "resize_plain.h"

#include <algorithm>
#include <array>

namespace lobule {
namespace {

std::uint8_t to_sample(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> kWeightBits, 0, 255)); }

}  // namespace

void resize_row_across(const std::uint8_t* in, const ResizeWeights& weights, std::uint8_t* out) {
  for (int x = 0; x < weights.outputs(); ++x, out += 3) {
    const std::int32_t* values = weights.of(x);
    const int taps = weights.taps[static_cast<std::size_t>(x)];
    const std::uint8_t* pixel = in + std::ptrdiff_t{3} * weights.first[static_cast<std::size_t>(x)];
    std::int32_t red = kHalf;
    std::int32_t green = kHalf;
    std::int32_t blue = kHalf;
    for (int tap = 0; tap < taps; ++tap, pixel += 3) {
      red += pixel[0] * values[tap];
      green += pixel[1] * values[tap];
      blue += pixel[2] * values[tap];
    }
    out[0] = to_sample(red);
    out[1] = to_sample(green);
    out[2] = to_sample(blue);
  }
}

void resize_row_down(const std::uint8_t* in, std::size_t stride, const ResizeWeights& weights, int y, std::size_t begin, std::size_t end, std::uint8_t* out) {
  constexpr std::size_t kChunk = 256;  // samples whose sums stay in the nearest cache
  const std::int32_t* values = weights.of(y);
  const int taps = weights.taps[static_cast<std::size_t>(y)];
  std::array<std::int32_t, kChunk> sums;
  for (; begin < end; begin += kChunk) {
    const std::size_t count = std::min(kChunk, end - begin);
    sums.fill(kHalf);
    for (int tap = 0; tap < taps; ++tap) {
      const std::uint8_t* row = in + static_cast<std::size_t>(tap) * stride + begin;
      for (std::size_t i = 0; i < count; ++i) sums[i] += row[i] * values[tap];
    }
    for (std::size_t i = 0; i < count; ++i) out[begin + i] = to_sample(sums[i]);
  }
}

}  // namespace lobule
