#include "lobule/corruption.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "affine.h"
#include "corruption_overlays.h"
#include "gaussian_blur.h"
#include "lobule/portable_math.h"
#include "lobule/resize.h"
#include "look.h"

namespace lobule {
namespace {

template <typename Value>
using BySeverity = std::array<Value, kSeverities>;

// docs/robustness.md has the same numbers, for people.
constexpr BySeverity<double> kBrighter = {1.1, 1.2, 1.3, 1.45, 1.6};  // times the light
constexpr BySeverity<double> kDarker = {0.85, 0.7, 0.55, 0.42, 0.3};
constexpr BySeverity<double> kHueTangents = {  // of half of 8, 16, 26, 38 and 50 degrees
    0.069926811943510414, 0.14054083470239145, 0.23086819112556310, 0.34432761328966525, 0.46630765815499858};
constexpr BySeverity<double> kMoreStain = {1.15, 1.3, 1.5, 1.8, 2.2};  // times the stain's optical density
constexpr BySeverity<double> kLessStain = {0.85, 0.7, 0.55, 0.4, 0.25};
constexpr BySeverity<double> kDefocus = {0.5, 0.8, 1.2, 1.8, 2.6};    // standard deviation, in units
constexpr BySeverity<double> kMotion = {0.8, 1.4, 2.2, 3.4, 5.0};     // the same, along the axis
constexpr BySeverity<double> kNoise = {0.03, 0.06, 0.1, 0.15, 0.22};  // standard deviation, share of 255
constexpr BySeverity<int> kJpegQuality = {50, 30, 20, 12, 7};
constexpr BySeverity<double> kBlock = {1.5, 2.0, 3.0, 4.0, 6.0};  // side, in units
constexpr BySeverity<double> kZoom = {1.15, 1.35, 1.6, 2.0, 2.5};
constexpr BySeverity<int> kSpots = {2, 5, 10, 18, 30};
constexpr BySeverity<double> kPenWidth = {0.03, 0.06, 0.1, 0.16, 0.24};  // share of the short side
constexpr BySeverity<double> kShadow = {0.25, 0.4, 0.55, 0.7, 0.85};     // share of the light that the farthest corner loses

/// A pixel of a network's view, in pixels of the image: as quality is measured, so that a blur is as bad in a large image as in a small one.
double unit_of(const Image& image) { return std::max(1.0, std::min(image.width, image.height) / 224.0); }

void scale_light(Image& image, double factor) { map_colours(image, {{{factor, 0, 0}, {0, factor, 0}, {0, 0, factor}}}, 0); }

void turn_hue(Image& image, double tangent, SplitMix64& random) { map_colours(image, hue_turn(random.uniform() < 0.5 ? tangent : -tangent), 0); }

void shake(Image& image, double sigma, SplitMix64& random) {
  const bool across = random.uniform() < 0.5;
  blur_gaussian(image, across ? sigma : 0, across ? 0 : sigma);
}

/// Shrunk as a smaller picture of it would be, then each pixel repeated.
void pixelate(Image& image, double block) {
  const auto blocks = [&](int size) { return std::max(1, static_cast<int>(size / block + 0.5)); };
  const Image small = resize_image(image, blocks(image.width), blocks(image.height), ResizeFilter::bilinear);
  std::uint8_t* out = image.rgb.data();
  for (std::int64_t y = 0; y < image.height; ++y) {
    const std::uint8_t* row = small.rgb.data() + 3 * (y * small.height / image.height) * small.width;
    for (std::int64_t x = 0; x < image.width; ++x, out += 3) std::copy_n(row + 3 * (x * small.width / image.width), 3, out);
  }
}

}  // namespace

std::string corruption_name(Corruption corruption) {
  switch (corruption) {
    case Corruption::brighter:
      return "brighter";
    case Corruption::darker:
      return "darker";
    case Corruption::hue:
      return "hue";
    case Corruption::more_haematoxylin:
      return "more_haematoxylin";
    case Corruption::less_haematoxylin:
      return "less_haematoxylin";
    case Corruption::more_eosin:
      return "more_eosin";
    case Corruption::less_eosin:
      return "less_eosin";
    case Corruption::defocus:
      return "defocus";
    case Corruption::motion:
      return "motion";
    case Corruption::noise:
      return "noise";
    case Corruption::jpeg:
      return "jpeg";
    case Corruption::pixelate:
      return "pixelate";
    case Corruption::zoom_in:
      return "zoom_in";
    case Corruption::spots:
      return "spots";
    case Corruption::pen:
      return "pen";
    case Corruption::shadow:
      return "shadow";
  }
  throw std::logic_error("corruption_name: no such corruption");
}

Image corrupt_image(const Image& image, Corruption corruption, int severity, std::uint64_t seed) {
  if (severity < 1 || severity > kSeverities) throw std::logic_error("corrupt_image: severity is not within 1..5");
  if (image.width <= 0 || image.height <= 0) throw std::logic_error("corrupt_image: the image has no pixels");
  const auto level = static_cast<std::size_t>(severity) - 1;
  const double unit = unit_of(image);
  SplitMix64 random(mix_seed(seed, static_cast<std::uint64_t>(corruption) + 1));
  if (corruption == Corruption::zoom_in) return sample_linear(image, make_view(false, false, 0, kZoom[level]));
  Image result = image;
  switch (corruption) {
    case Corruption::brighter:
      scale_light(result, kBrighter[level]);
      break;
    case Corruption::darker:
      scale_light(result, kDarker[level]);
      break;
    case Corruption::hue:
      turn_hue(result, kHueTangents[level], random);
      break;
    case Corruption::more_haematoxylin:
      scale_stains(result, {kMoreStain[level], 1, 1}, {});
      break;
    case Corruption::less_haematoxylin:
      scale_stains(result, {kLessStain[level], 1, 1}, {});
      break;
    case Corruption::more_eosin:
      scale_stains(result, {1, kMoreStain[level], 1}, {});
      break;
    case Corruption::less_eosin:
      scale_stains(result, {1, kLessStain[level], 1}, {});
      break;
    case Corruption::defocus:
      blur_gaussian(result, kDefocus[level] * unit, kDefocus[level] * unit);
      break;
    case Corruption::motion:
      shake(result, kMotion[level] * unit, random);
      break;
    case Corruption::noise:
      add_noise(result, kNoise[level] * 255, random);
      break;
    case Corruption::jpeg:
      recode_jpeg(result, kJpegQuality[level]);
      break;
    case Corruption::pixelate:
      pixelate(result, kBlock[level] * unit);
      break;
    case Corruption::zoom_in:
      break;
    case Corruption::spots:
      add_spots(result, kSpots[level], random);
      break;
    case Corruption::pen:
      draw_pen_stroke(result, kPenWidth[level], random);
      break;
    case Corruption::shadow:
      cast_shadow(result, kShadow[level], random);
      break;
  }
  return result;
}

}  // namespace lobule
