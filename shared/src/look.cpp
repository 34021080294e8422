#include "look.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "lobule/decode.h"
#include "lobule/encode.h"
#include "lobule/optical_density.h"
#include "lobule/stain.h"
#include "stain_basis.h"

namespace lobule {
namespace {

constexpr double kDensitySteps = 1024;  // per unit of optical density: far below what 8 bits tell
constexpr double kDensestSample = 2.5;  // 0.8 of 255

std::uint8_t to_sample(double value) { return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0)); }

/// sample_of_density of every step: a lookup a sample.
const std::vector<std::uint8_t>& samples_of_densities() {
  static const std::vector<std::uint8_t> samples = [] {
    std::vector<std::uint8_t> all(static_cast<std::size_t>(kDensitySteps * kDensestSample) + 1);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = sample_of_density(static_cast<double>(i) / kDensitySteps);
    return all;
  }();
  return samples;
}

}  // namespace

void scale_stains(Image& image, const Vector3& factors, const Vector3& raised) {
  const Matrix3 rows = stain_basis(ruifrok_stains());
  const Matrix3 amounts = reciprocal_basis(rows);
  Matrix3 map{};  // density after = map * density before + more
  Vector3 more{};
  for (std::size_t stain = 0; stain < 3; ++stain) {
    for (std::size_t to = 0; to < 3; ++to) {
      for (std::size_t from = 0; from < 3; ++from) map[to][from] += factors[stain] * amounts[stain][from] * rows[stain][to];
      more[to] += raised[stain] * rows[stain][to];
    }
  }
  const std::vector<std::uint8_t>& samples = samples_of_densities();
  const double last = static_cast<double>(samples.size() - 1);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    std::uint8_t* rgb = image.rgb.data() + i;
    const Vector3 density = {kOpticalDensity[rgb[0]], kOpticalDensity[rgb[1]], kOpticalDensity[rgb[2]]};
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const double step = (dot(map[channel], density) + more[channel]) * kDensitySteps + 0.5;
      rgb[channel] = samples[static_cast<std::size_t>(std::clamp(step, 0.0, last))];
    }
  }
}

Matrix3 hue_turn(double tangent) {
  const double cosine = (1 - tangent * tangent) / (1 + tangent * tangent);
  const double sine = 2 * tangent / (1 + tangent * tangent);
  const double along = (1 - cosine) / 3;
  const double across = sine / std::sqrt(3.0);
  return {
      {{cosine + along, along - across, along + across}, {along + across, cosine + along, along - across}, {along - across, along + across, cosine + along}}};
}

void map_colours(Image& image, const Matrix3& map, double offset) {
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    std::uint8_t* rgb = image.rgb.data() + i;
    const Vector3 before = {static_cast<double>(rgb[0]), static_cast<double>(rgb[1]), static_cast<double>(rgb[2])};
    for (std::size_t channel = 0; channel < 3; ++channel) rgb[channel] = to_sample(dot(map[channel], before) + offset);
  }
}

void add_noise(Image& image, double deviation, SplitMix64& random) {
  const double scale = deviation * std::sqrt(3.0) / 65536;  // four numbers below 65536 have that standard deviation, divided
  for (std::uint8_t& sample : image.rgb) {
    const std::uint64_t bits = random.next();
    const std::uint64_t sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
    sample = to_sample(sample + (static_cast<double>(sum) - 131070) * scale);
  }
}

void recode_jpeg(Image& image, int quality) {
  const std::string jpeg = encode_jpeg(image, quality);
  image = decode_image(std::as_bytes(std::span(jpeg)), {.min_side = 1});
}

}  // namespace lobule
