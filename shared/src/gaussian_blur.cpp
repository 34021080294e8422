#include "gaussian_blur.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lobule/portable_math.h"

namespace lobule {
namespace {

constexpr std::uint32_t kOne = 65536;
constexpr double kSmallestSigma = 0.05;

/// Weights of the pixels at distance 0, 1, 2, ...; they sum to kOne with those on the other side.
std::vector<std::uint32_t> half_kernel(double sigma) {
  const auto radius = static_cast<std::size_t>(std::ceil(3 * sigma));
  std::vector<double> values(radius + 1);
  double sum = 0;
  for (std::size_t i = 0; i <= radius; ++i) {
    const double distance = static_cast<double>(i) / sigma;
    values[i] = portable_exp(-distance * distance / 2);
    sum += i == 0 ? values[i] : 2 * values[i];
  }
  std::vector<std::uint32_t> weights(radius + 1);
  std::uint32_t sides = 0;
  for (std::size_t i = 1; i <= radius; ++i) {
    weights[i] = static_cast<std::uint32_t>(values[i] / sum * kOne + 0.5);
    sides += 2 * weights[i];
  }
  weights[0] = kOne - sides;
  return weights;
}

/// One line of `count` pixels that lie `step` samples apart; `line` is scratch.
void blur_line(std::uint8_t* samples, std::size_t count, std::size_t step, const std::vector<std::uint32_t>& weights, std::vector<std::uint8_t>& line) {
  const std::size_t radius = weights.size() - 1;
  line.resize(count + 2 * radius);
  for (std::size_t i = 0; i < line.size(); ++i) line[i] = samples[std::clamp(i, radius, radius + count - 1) * step - radius * step];
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* centre = line.data() + i + radius;
    std::uint32_t sum = weights[0] * *centre + kOne / 2;
    for (std::size_t distance = 1; distance <= radius; ++distance) {
      const auto offset = static_cast<std::ptrdiff_t>(distance);
      sum += weights[distance] * (std::uint32_t{centre[-offset]} + centre[offset]);
    }
    samples[i * step] = static_cast<std::uint8_t>(sum / kOne);
  }
}

}  // namespace

void blur_gaussian(Image& image, double sigma_x, double sigma_y) {
  const auto width = static_cast<std::size_t>(image.width);
  const auto height = static_cast<std::size_t>(image.height);
  std::vector<std::uint8_t> line;
  if (sigma_x >= kSmallestSigma) {
    const std::vector<std::uint32_t> weights = half_kernel(sigma_x);
    for (std::size_t y = 0; y < height; ++y) {
      for (std::size_t channel = 0; channel < 3; ++channel) blur_line(image.rgb.data() + 3 * y * width + channel, width, 3, weights, line);
    }
  }
  if (sigma_y >= kSmallestSigma) {
    const std::vector<std::uint32_t> weights = half_kernel(sigma_y);
    for (std::size_t x = 0; x < 3 * width; ++x) blur_line(image.rgb.data() + x, height, 3 * width, weights, line);
  }
}

}  // namespace lobule
