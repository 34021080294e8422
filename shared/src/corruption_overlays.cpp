#include "corruption_overlays.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "symmetric_eigen.h"

// Coordinates are in pixels from the top left corner of the image; a pixel's centre lies at half. + - * / and sqrt only.
namespace lobule {
namespace {

constexpr int kMostSpots = 30;
constexpr Vector3 kDust = {0.22, 0.18, 0.15};       // share of the light that passes
constexpr Vector3 kBubbleRim = {0.35, 0.35, 0.38};  // the same
constexpr double kBubbleHaze = 0.5;                 // share of white within
constexpr double kWhite = 246;
constexpr std::array<Vector3, 4> kInks = {{{0.16, 0.24, 0.66}, {0.12, 0.52, 0.30}, {0.12, 0.12, 0.13}, {0.78, 0.16, 0.22}}};  // blue, green, black, red

struct Place {
  double x = 0;
  double y = 0;
};

double uniform(SplitMix64& random, double low, double high) { return low + (high - low) * random.uniform(); }

double short_side(const Image& image) { return std::min(image.width, image.height); }

std::uint8_t* pixel(Image& image, int x, int y) {
  return image.rgb.data() + std::size_t{3} * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x));
}

std::uint8_t to_sample(double value) { return static_cast<std::uint8_t>(std::clamp(value + 0.5, 0.0, 255.0)); }

/// How much of a pixel lies within an edge that is so far away (outside: negative), so that edges are smooth.
double coverage(double distance_within) { return std::clamp(distance_within + 0.5, 0.0, 1.0); }

void dim(std::uint8_t* rgb, const Vector3& passes, double covered) {
  for (std::size_t channel = 0; channel < 3; ++channel) rgb[channel] = to_sample(rgb[channel] * (1 - covered * (1 - passes[channel])));
}

/// Calls paint(rgb, distance) for each pixel whose centre is less than radius + 1 from the place.
template <typename Paint>
void around(Image& image, const Place& centre, double radius, const Paint& paint) {
  const auto first = [&](double at) { return static_cast<int>(std::max(0.0, at - radius - 1)); };
  const auto end = [&](double at, int size) { return static_cast<int>(std::clamp(at + radius + 2, 0.0, static_cast<double>(size))); };
  for (int y = first(centre.y); y < end(centre.y, image.height); ++y) {
    for (int x = first(centre.x); x < end(centre.x, image.width); ++x) {
      const double dx = x + 0.5 - centre.x;
      const double dy = y + 0.5 - centre.y;
      const double distance = std::sqrt(dx * dx + dy * dy);
      if (distance < radius + 1) paint(pixel(image, x, y), distance);
    }
  }
}

void add_bubble(Image& image, const Place& centre, double radius) {
  around(image, centre, radius, [&](std::uint8_t* rgb, double distance) {
    const double inner = coverage(0.85 * radius - distance);
    const double whole = coverage(radius - distance);
    dim(rgb, kBubbleRim, whole - inner);
    for (std::size_t channel = 0; channel < 3; ++channel) rgb[channel] = to_sample(rgb[channel] + inner * kBubbleHaze * (kWhite - rgb[channel]));
  });
}

}  // namespace

void add_spots(Image& image, int count, SplitMix64& random) {
  for (int spot = 0; spot < kMostSpots; ++spot) {
    const double x = random.uniform() * image.width;
    const double y = random.uniform() * image.height;
    const double size = random.uniform();
    // A speck is three discs that overlap.
    std::array<Place, 3> offsets;
    for (Place& offset : offsets) {
      offset.x = uniform(random, -1, 1);
      offset.y = uniform(random, -1, 1);
    }
    if (spot >= count) continue;
    if (spot % 3 == 0) {
      add_bubble(image, {x, y}, (0.03 + 0.06 * size) * short_side(image));
      continue;
    }
    const double radius = (0.006 + 0.014 * size) * short_side(image);
    for (const Place& offset : offsets) {
      around(image, {x + offset.x * radius, y + offset.y * radius}, radius,
             [&](std::uint8_t* rgb, double distance) { dim(rgb, kDust, coverage(radius - distance)); });
    }
  }
}

void draw_pen_stroke(Image& image, double width, SplitMix64& random) {
  const Vector3& ink = kInks[random.below(kInks.size())];
  const bool across = random.uniform() < 0.5;
  const double middle = uniform(random, 0.25, 0.75);
  const double slope = uniform(random, -0.4, 0.4);
  const double bend = uniform(random, -0.8, 0.8);
  const int length = across ? image.width : image.height;
  const int breadth = across ? image.height : image.width;
  const double half_width = width * short_side(image) / 2;
  for (int along = 0; along < length; ++along) {
    const double t = (along + 0.5) / length - 0.5;
    const double centre = breadth * (middle + slope * t + bend * t * t);
    const double steepness = breadth * (slope + 2 * bend * t) / length;
    const double slant = std::sqrt(1 + steepness * steepness);  // a steep stroke covers more of a column
    const double reach = (half_width + 1) * slant;
    const auto first = static_cast<int>(std::clamp(centre - reach, 0.0, static_cast<double>(breadth)));
    const auto end = static_cast<int>(std::clamp(centre + reach + 1, 0.0, static_cast<double>(breadth)));
    for (int at = first; at < end; ++at) {
      const double distance = std::abs(at + 0.5 - centre) / slant;
      dim(across ? pixel(image, along, at) : pixel(image, at, along), ink, coverage(half_width - distance));
    }
  }
}

void cast_shadow(Image& image, double strength, SplitMix64& random) {
  const double light_x = random.uniform() * image.width;
  const double light_y = random.uniform() * image.height;
  const double far_x = std::max(light_x, image.width - light_x);
  const double far_y = std::max(light_y, image.height - light_y);
  const double farthest = far_x * far_x + far_y * far_y;  // above 0: at least half a side
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double dx = x + 0.5 - light_x;
      const double dy = y + 0.5 - light_y;
      const double passes = 1 - strength * (dx * dx + dy * dy) / farthest;
      std::uint8_t* rgb = pixel(image, x, y);
      for (std::size_t channel = 0; channel < 3; ++channel) rgb[channel] = to_sample(rgb[channel] * passes);
    }
  }
}

}  // namespace lobule
