#include "lobule/appearance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "gaussian_blur.h"
#include "lobule/portable_math.h"
#include "look.h"

namespace lobule {
namespace {

constexpr double kLn10 = 0x1.26bb1bbb55516p+1;
constexpr double kLargestHueTurn = 0.26794919243112270;   // tangent of half of 30 degrees
constexpr Vector3 kLuminance = {0.3086, 0.6094, 0.0820};  // Haeberli's, of linear R, G and B

/// Each variation's stream; written down, so that a new one changes none.
enum class Stream : std::uint64_t { stain = 1, colour = 2, blur = 3, noise = 4, jpeg = 5, cutout = 6 };

SplitMix64 stream_of(std::uint64_t seed, Stream stream) { return SplitMix64(mix_seed(seed, static_cast<std::uint64_t>(stream))); }

/// In [-largest, largest].
double signed_uniform(SplitMix64& random, double largest) { return (2 * random.uniform() - 1) * largest; }

void vary_stain(Image& image, double strength, SplitMix64 random) {
  Vector3 factors{};
  Vector3 raised{};
  for (std::size_t stain = 0; stain < 3; ++stain) {
    factors[stain] = 1 + signed_uniform(random, strength);
    raised[stain] = signed_uniform(random, strength) / kLn10;
  }
  scale_stains(image, factors, raised);
}

double mean_luminance(const Image& image) {
  std::uint64_t sums[3] = {};
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) sums[channel] += image.rgb[i + channel];
  }
  const auto pixels = static_cast<double>(image.rgb.size() / 3);
  return dot(kLuminance, {static_cast<double>(sums[0]) / pixels, static_cast<double>(sums[1]) / pixels, static_cast<double>(sums[2]) / pixels});
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
  map_colours(image, map, offset);
}

void vary_blur(Image& image, double largest_sigma, SplitMix64 random) {
  const bool applies = random.uniform() < 0.5;
  const double sigma_x = random.uniform() * largest_sigma;
  const double sigma_y = random.uniform() * largest_sigma;
  const std::uint32_t axes = random.below(4);  // 0 and 1: one of them, else both
  if (applies) blur_gaussian(image, axes == 1 ? 0 : sigma_x, axes == 0 ? 0 : sigma_y);
}

void vary_noise(Image& image, double largest_deviation, SplitMix64 random) {
  const bool applies = random.uniform() < 0.5;
  const double deviation = random.uniform() * largest_deviation * 255;
  if (applies) add_noise(image, deviation, random);
}

void vary_jpeg(Image& image, int range, SplitMix64 random) {
  const bool applies = random.uniform() < 0.5;
  const int quality = 100 - static_cast<int>(random.below(static_cast<std::uint32_t>(range) + 1));
  if (applies) recode_jpeg(image, quality);
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
