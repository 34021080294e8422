#include "lobule/appearance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>

#include "gaussian_blur.h"
#include "lobule/decode.h"
#include "lobule/encode.h"
#include "lobule/optical_density.h"
#include "lobule/portable_math.h"
#include "lobule/stain.h"
#include "stain_basis.h"

namespace lobule {
namespace {

constexpr double kLn10 = 0x1.26bb1bbb55516p+1;
constexpr double kLargestHueTurn = 0.26794919243112270;   // tangent of half of 30 degrees
constexpr Vector3 kLuminance = {0.3086, 0.6094, 0.0820};  // Haeberli's, of linear R, G and B
constexpr double kDensitySteps = 1024;                    // per unit of optical density: far below what 8 bits tell
constexpr double kDensestSample = 2.5;                    // 0.8 of 255

/// Each variation's stream; written down, so that a new one changes none.
enum class Stream : std::uint64_t { stain = 1, colour = 2, blur = 3, noise = 4, jpeg = 5, cutout = 6 };

SplitMix64 stream_of(std::uint64_t seed, Stream stream) { return SplitMix64(mix_seed(seed, static_cast<std::uint64_t>(stream))); }

/// In [-largest, largest].
double signed_uniform(SplitMix64& random, double largest) { return (2 * random.uniform() - 1) * largest; }

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

void vary_stain(Image& image, double strength, SplitMix64 random) {
  const Matrix3 rows = stain_basis(ruifrok_stains());
  const Matrix3 amounts = reciprocal_basis(rows);
  Matrix3 map{};  // density after = map * density before + raised
  Vector3 raised{};
  for (std::size_t stain = 0; stain < 3; ++stain) {
    const double factor = 1 + signed_uniform(random, strength);
    const double more = signed_uniform(random, strength) / kLn10;
    for (std::size_t to = 0; to < 3; ++to) {
      for (std::size_t from = 0; from < 3; ++from) map[to][from] += factor * amounts[stain][from] * rows[stain][to];
      raised[to] += more * rows[stain][to];
    }
  }
  const std::vector<std::uint8_t>& samples = samples_of_densities();
  const double last = static_cast<double>(samples.size() - 1);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    std::uint8_t* rgb = image.rgb.data() + i;
    const Vector3 density = {kOpticalDensity[rgb[0]], kOpticalDensity[rgb[1]], kOpticalDensity[rgb[2]]};
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const double step = (dot(map[channel], density) + raised[channel]) * kDensitySteps + 0.5;
      rgb[channel] = samples[static_cast<std::size_t>(std::clamp(step, 0.0, last))];
    }
  }
}

double mean_luminance(const Image& image) {
  std::uint64_t sums[3] = {};
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) sums[channel] += image.rgb[i + channel];
  }
  const auto pixels = static_cast<double>(image.rgb.size() / 3);
  return dot(kLuminance, {static_cast<double>(sums[0]) / pixels, static_cast<double>(sums[1]) / pixels, static_cast<double>(sums[2]) / pixels});
}

/// Turns R, G and B about the grey axis; tangent: of half the angle, so that no sine is needed.
Matrix3 hue_turn(double tangent) {
  const double cosine = (1 - tangent * tangent) / (1 + tangent * tangent);
  const double sine = 2 * tangent / (1 + tangent * tangent);
  const double along = (1 - cosine) / 3;
  const double across = sine / std::sqrt(3.0);
  return {
      {{cosine + along, along - across, along + across}, {along + across, cosine + along, along - across}, {along - across, along + across, cosine + along}}};
}

void vary_colour(Image& image, double strength, SplitMix64 random) {
  const double brightness = 1 + signed_uniform(random, strength);
  const double contrast = 1 + signed_uniform(random, strength);
  const double saturation = 1 + signed_uniform(random, strength);
  const Matrix3 turn = hue_turn(signed_uniform(random, strength * kLargestHueTurn));
  const double offset = brightness * (1 - contrast) * mean_luminance(image);
  Matrix3 map{};
  for (std::size_t to = 0; to < 3; ++to) {
    for (std::size_t from = 0; from < 3; ++from) {
      const double grey = dot(kLuminance, {turn[0][from], turn[1][from], turn[2][from]});
      map[to][from] = brightness * contrast * (saturation * turn[to][from] + (1 - saturation) * grey);
    }
  }
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    std::uint8_t* rgb = image.rgb.data() + i;
    const Vector3 before = {static_cast<double>(rgb[0]), static_cast<double>(rgb[1]), static_cast<double>(rgb[2])};
    for (std::size_t channel = 0; channel < 3; ++channel) rgb[channel] = to_sample(dot(map[channel], before) + offset);
  }
}

void vary_blur(Image& image, double largest_sigma, SplitMix64 random) {
  const bool applies = random.uniform() < 0.5;
  const double sigma_x = random.uniform() * largest_sigma;
  const double sigma_y = random.uniform() * largest_sigma;
  const std::uint32_t axes = random.below(4);  // 0 and 1: one of them, else both
  if (applies) blur_gaussian(image, axes == 1 ? 0 : sigma_x, axes == 0 ? 0 : sigma_y);
}

/// About Gaussian: the sum of four uniform numbers.
void vary_noise(Image& image, double largest_deviation, SplitMix64 random) {
  const bool applies = random.uniform() < 0.5;
  const double deviation = random.uniform() * largest_deviation * 255;
  if (!applies) return;
  const double scale = deviation * std::sqrt(3.0) / 65536;  // four numbers below 65536 have that standard deviation, divided
  for (std::uint8_t& sample : image.rgb) {
    const std::uint64_t bits = random.next();
    const std::uint64_t sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
    sample = to_sample(sample + (static_cast<double>(sum) - 131070) * scale);
  }
}

void vary_jpeg(Image& image, int range, SplitMix64 random) {
  const bool applies = random.uniform() < 0.5;
  const int quality = 100 - static_cast<int>(random.below(static_cast<std::uint32_t>(range) + 1));
  if (!applies) return;
  const std::string jpeg = encode_jpeg(image, quality);
  image = decode_image(std::as_bytes(std::span(jpeg)), {.min_side = 1});
}

void vary_cutout(Image& image, double largest_share, SplitMix64 random) {
  const bool applies = random.uniform() < 0.5;
  const double area = random.uniform() * largest_share * image.width * image.height;
  const double aspect = 0.5 + 1.5 * random.uniform();
  const double centre_x = random.uniform() * image.width;
  const double centre_y = random.uniform() * image.height;
  if (!applies) return;
  const double half_width = std::sqrt(area * aspect) / 2;
  const double half_height = std::sqrt(area / aspect) / 2;
  const auto pixel = [](double position, int size) { return static_cast<std::size_t>(std::clamp(position, 0.0, static_cast<double>(size))); };
  const std::size_t left = pixel(centre_x - half_width, image.width);
  const std::size_t right = pixel(centre_x + half_width, image.width);
  const std::size_t bottom = pixel(centre_y + half_height, image.height);
  std::uint64_t sums[3] = {};
  for (std::size_t i = 0; i < image.rgb.size(); ++i) sums[i % 3] += image.rgb[i];
  for (std::size_t y = pixel(centre_y - half_height, image.height); y < bottom; ++y) {
    for (std::size_t x = left; x < right; ++x) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        image.rgb[3 * (y * static_cast<std::size_t>(image.width) + x) + channel] = static_cast<std::uint8_t>(sums[channel] / (image.rgb.size() / 3));
      }
    }
  }
}

/// Written so that NaN fails.
void check(bool holds, const char* rule) {
  if (!holds) throw std::logic_error(std::string("vary_appearance: ") + rule);
}

}  // namespace

bool changes_appearance(const AppearanceOptions& options) {
  return options.stain > 0 || options.colour > 0 || options.blur > 0 || options.noise > 0 || options.jpeg > 0 || options.cutout > 0;
}

void vary_appearance(Image& image, const AppearanceOptions& options, std::uint64_t seed) {
  check(options.stain >= 0 && options.stain <= 1, "stain is not within 0..1");
  check(options.colour >= 0 && options.colour <= 1, "colour is not within 0..1");
  check(options.blur >= 0 && options.blur <= 16, "blur is not within 0..16 pixels");
  check(options.noise >= 0 && options.noise <= 1, "noise is not within 0..1");
  check(options.jpeg >= 0 && options.jpeg <= 99, "jpeg is not within 0..99");
  check(options.cutout >= 0 && options.cutout <= 0.9, "cutout is not within 0..0.9");
  check(image.width > 0 && image.height > 0, "the image has no pixels");
  if (options.stain > 0) vary_stain(image, options.stain, stream_of(seed, Stream::stain));
  if (options.colour > 0) vary_colour(image, options.colour, stream_of(seed, Stream::colour));
  if (options.blur > 0) vary_blur(image, options.blur, stream_of(seed, Stream::blur));
  if (options.noise > 0) vary_noise(image, options.noise, stream_of(seed, Stream::noise));
  if (options.jpeg > 0) vary_jpeg(image, options.jpeg, stream_of(seed, Stream::jpeg));
  if (options.cutout > 0) vary_cutout(image, options.cutout, stream_of(seed, Stream::cutout));
}

}  // namespace lobule
