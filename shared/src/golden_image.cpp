#include <algorithm>
#include <array>
#include <stdexcept>

#include "lobule/model_package.h"
#include "lobule/portable_math.h"

// Integer arithmetic only: a golden picture is never stored, so every machine must draw the same one.
namespace lobule {
namespace {

using Rgb = std::array<int, 3>;

/// Uniform in [low, high].
int draw(SplitMix64& random, int low, int high) { return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1))); }

/// Smooth value noise in 0..255: random values on a lattice, blended by 3 t^2 - 2 t^3 (Perlin's fade, 1985). [height * width]
std::vector<int> value_noise(SplitMix64& random, int width, int height, int cell) {
  const int columns = width / cell + 2;
  const int rows = height / cell + 2;
  std::vector<int> lattice(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  for (int& value : lattice) value = draw(random, 0, 255);
  std::vector<int> fade(static_cast<std::size_t>(cell));  // 0..256
  for (int t = 0; t < cell; ++t) {
    const std::int64_t side = cell;
    fade[static_cast<std::size_t>(t)] = static_cast<int>(std::int64_t{256} * t * t * (3 * side - 2 * t) / (side * side * side));
  }
  std::vector<int> noise;
  noise.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    const int fade_y = fade[static_cast<std::size_t>(y % cell)];
    for (int x = 0; x < width; ++x) {
      const int fade_x = fade[static_cast<std::size_t>(x % cell)];
      const int* corner = &lattice[static_cast<std::size_t>((y / cell) * columns + x / cell)];
      const int top = corner[0] * (256 - fade_x) + corner[1] * fade_x;
      const int bottom = corner[columns] * (256 - fade_x) + corner[columns + 1] * fade_x;
      noise.push_back((top * (256 - fade_y) + bottom * fade_y) >> 16);
    }
  }
  return noise;
}

/// A filled ellipse: half axes a and b in pixels, a along the direction (along_x, along_y), which need not have unit length.
struct Ellipse {
  int x = 0;
  int y = 0;
  int a = 1;
  int b = 1;
  int along_x = 1;
  int along_y = 0;
};

Ellipse draw_ellipse(SplitMix64& random, int width, int height, int smallest, int largest) {
  Ellipse ellipse;
  ellipse.x = draw(random, 0, width - 1);
  ellipse.y = draw(random, 0, height - 1);
  ellipse.a = draw(random, smallest, largest);
  ellipse.b = std::max(1, ellipse.a * draw(random, 55, 100) / 100);
  do {
    ellipse.along_x = draw(random, -7, 7);
    ellipse.along_y = draw(random, -7, 7);
  } while (ellipse.along_x == 0 && ellipse.along_y == 0);
  return ellipse;
}

/// Calls paint(index, squared distance from the centre: 0..256 inside) for each of its pixels within the picture.
template <typename Paint>
void fill(const Ellipse& e, int width, int height, const Paint& paint) {
  const std::int64_t a2 = std::int64_t{e.a} * e.a;
  const std::int64_t b2 = std::int64_t{e.b} * e.b;
  const std::int64_t whole = a2 * b2 * (e.along_x * e.along_x + e.along_y * e.along_y);
  for (int y = std::max(0, e.y - e.a); y <= std::min(height - 1, e.y + e.a); ++y) {
    for (int x = std::max(0, e.x - e.a); x <= std::min(width - 1, e.x + e.a); ++x) {
      const std::int64_t along = std::int64_t{x - e.x} * e.along_x + std::int64_t{y - e.y} * e.along_y;
      const std::int64_t across = std::int64_t{y - e.y} * e.along_x - std::int64_t{x - e.x} * e.along_y;
      const std::int64_t distance = 256 * (along * along * b2 + across * across * a2) / whole;
      if (distance <= 256) {
        paint(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x), static_cast<int>(distance));
      }
    }
  }
}

Rgb draw_colour(SplitMix64& random, const Rgb& centre, int spread) {
  Rgb colour = centre;
  for (int& channel : colour) channel += draw(random, -spread, spread);
  return colour;
}

void set_pixel(Image& image, std::size_t pixel, const Rgb& colour, int lighter) {
  for (std::size_t channel = 0; channel < 3; ++channel) {
    image.rgb[3 * pixel + channel] = static_cast<std::uint8_t>(std::clamp(colour[channel] + lighter, 0, 255));
  }
}

}  // namespace

Image golden_image(std::uint64_t seed, int width, int height) {
  if (width < 1 || height < 1) throw std::logic_error("golden_image: a side is not positive");
  SplitMix64 random(seed);
  const int unit = std::max(1, std::min(width, height) / 12);  // 8 pixels in a picture 96 high
  const std::vector<int> coarse = value_noise(random, width, height, 4 * unit);
  const std::vector<int> fine = value_noise(random, width, height, std::max(2, unit / 2));

  Image image = make_image(width, height);
  const Rgb stroma = draw_colour(random, {226, 170, 204}, 20);
  for (std::size_t pixel = 0; pixel < coarse.size(); ++pixel) {
    set_pixel(image, pixel, stroma, (coarse[pixel] - 128) * 36 / 128 + (fine[pixel] - 128) * 20 / 128);
  }

  const int gaps = draw(random, 0, 5);
  for (int i = 0; i < gaps; ++i) {
    const Ellipse gap = draw_ellipse(random, width, height, unit, 3 * unit);
    fill(gap, width, height, [&](std::size_t pixel, int) { set_pixel(image, pixel, {243, 240, 243}, (fine[pixel] - 128) / 24); });
  }

  // From few, small and even nuclei to many, large and uneven ones.
  const int nuclei = draw(random, 8, 240);
  const int smallest = std::max(1, unit * draw(random, 20, 50) / 100);
  const int largest = smallest + unit * draw(random, 0, 130) / 100;
  const Rgb chromatin = draw_colour(random, {104, 66, 148}, 24);
  for (int i = 0; i < nuclei; ++i) {
    const Ellipse nucleus = draw_ellipse(random, width, height, smallest, largest);
    const int darkness = draw(random, -24, 24);
    fill(nucleus, width, height, [&](std::size_t pixel, int distance) {
      const int membrane = distance > 180 ? -18 : 0;
      set_pixel(image, pixel, chromatin, darkness + membrane + (fine[pixel] - 128) * 36 / 128);
    });
  }
  return image;
}

}  // namespace lobule
