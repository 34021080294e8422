#include "perceptual_hash.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <stdexcept>

namespace lobule {
namespace {

constexpr std::size_t kSide = 32;
constexpr std::size_t kFrequencies = 8;
constexpr double kEvenDeviation = 1;  // standard deviation of the boxes, in steps of 255, below which noise decides the signs

using Boxes = std::array<double, kSide * kSide>;

/// Mean luminance (ITU-R BT.601) of each box; an image smaller than the grid repeats its pixels.
Boxes luminance_boxes(const Image& image) {
  const auto width = static_cast<std::size_t>(image.width);
  const auto height = static_cast<std::size_t>(image.height);
  Boxes boxes;
  for (std::size_t v = 0; v < kSide; ++v) {
    const std::size_t top = v * height / kSide;
    const std::size_t bottom = std::max(top + 1, (v + 1) * height / kSide);
    for (std::size_t u = 0; u < kSide; ++u) {
      const std::size_t left = u * width / kSide;
      const std::size_t right = std::max(left + 1, (u + 1) * width / kSide);
      std::array<std::uint64_t, 3> sums{};
      for (std::size_t y = top; y < bottom; ++y) {
        const std::uint8_t* pixel = image.rgb.data() + 3 * (y * width + left);
        for (std::size_t x = left; x < right; ++x, pixel += 3) {
          for (std::size_t c = 0; c < 3; ++c) sums[c] += pixel[c];
        }
      }
      const double luminance = 0.299 * static_cast<double>(sums[0]) + 0.587 * static_cast<double>(sums[1]) + 0.114 * static_cast<double>(sums[2]);
      boxes[kSide * v + u] = luminance / static_cast<double>((bottom - top) * (right - left));
    }
  }
  return boxes;
}

bool is_even(const Boxes& boxes) {
  double sum = 0;
  double squares = 0;
  for (const double value : boxes) sum += value;
  const double mean = sum / static_cast<double>(boxes.size());
  for (const double value : boxes) squares += (value - mean) * (value - mean);
  return squares < kEvenDeviation * kEvenDeviation * static_cast<double>(boxes.size());
}

/// cosine[f][i]: frequency f + 1 at position i.
std::array<std::array<double, kSide>, kFrequencies> make_cosines() {
  std::array<std::array<double, kSide>, kFrequencies> cosines;
  for (std::size_t f = 0; f < kFrequencies; ++f) {
    for (std::size_t i = 0; i < kSide; ++i) {
      cosines[f][i] = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.5) * static_cast<double>(f + 1) / static_cast<double>(kSide));
    }
  }
  return cosines;
}

/// Bits whose frequency along x is odd: u + 1 = 1, 3, 5, 7.
constexpr std::uint64_t kOddAcross = 0x5555555555555555;
constexpr std::uint64_t kOddDown = 0x00FF00FF00FF00FF;

std::uint64_t transposed(std::uint64_t hash) {
  std::uint64_t result = 0;
  for (std::size_t v = 0; v < kFrequencies; ++v) {
    for (std::size_t u = 0; u < kFrequencies; ++u) result |= (hash >> (kFrequencies * v + u) & 1) << (kFrequencies * u + v);
  }
  return result;
}

}  // namespace

std::uint64_t perceptual_hash(const Image& image) {
  if (image.width <= 0 || image.height <= 0) throw std::logic_error("perceptual_hash: image has no pixels");
  static const auto cosines = make_cosines();
  const Boxes boxes = luminance_boxes(image);
  if (is_even(boxes)) return 0;
  std::uint64_t hash = 0;
  for (std::size_t u = 0; u < kFrequencies; ++u) {
    std::array<double, kSide> rows{};
    for (std::size_t y = 0; y < kSide; ++y) {
      for (std::size_t x = 0; x < kSide; ++x) rows[y] += cosines[u][x] * boxes[kSide * y + x];
    }
    for (std::size_t v = 0; v < kFrequencies; ++v) {
      double sum = 0;
      for (std::size_t y = 0; y < kSide; ++y) sum += cosines[v][y] * rows[y];
      if (sum > 0) hash |= std::uint64_t{1} << (kFrequencies * v + u);
    }
  }
  return hash;
}

std::array<std::uint64_t, 8> orientations_of(std::uint64_t hash) {
  std::array<std::uint64_t, 8> all;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint64_t straight = (i & 4) == 0 ? hash : transposed(hash);
    all[i] = straight ^ ((i & 1) == 0 ? 0 : kOddAcross) ^ ((i & 2) == 0 ? 0 : kOddDown);
  }
  return all;
}

}  // namespace lobule
