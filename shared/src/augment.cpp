#include "lobule/augment.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "affine.h"
#include "lobule/portable_math.h"

namespace lobule {

namespace {

/// The mean of k x k pixels each.
void shrink(const Image& large, int k, Image& small) {
  std::uint8_t* out = small.rgb.data();
  const int count = k * k;
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        int sum = count / 2;
        for (int row = 0; row < k; ++row) {
          const std::uint8_t* in = large.rgb.data() + std::ptrdiff_t{3} * ((std::ptrdiff_t{y} * k + row) * large.width + std::ptrdiff_t{x} * k) + channel;
          for (int column = 0; column < k; ++column) sum += in[3 * column];
        }
        *out++ = static_cast<std::uint8_t>(sum / count);
      }
    }
  }
}

LinearMap scaled(const LinearMap& map, double factor) { return {map.xx * factor, map.xy * factor, map.yx * factor, map.yy * factor}; }

}  // namespace

void augment(std::span<const std::uint8_t> rgb, int width, int height, const AugmentOptions& options, std::uint64_t seed, Image& view) {
  // Written so that NaN fails.
  if (!(options.rotation_degrees >= 0 && options.rotation_degrees <= 360)) throw std::logic_error("augment: rotation is not within 0..360 degrees");
  if (!(options.zoom >= 1 && options.zoom <= 100)) throw std::logic_error("augment: zoom is not within 1..100");
  if (width <= 0 || height <= 0 || view.width <= 0 || view.height <= 0) throw std::logic_error("augment: image has no pixels");
  SplitMix64 random(seed);
  // Six numbers whatever the options say: switching one off leaves the others as they were.
  const bool mirror_x = random.uniform() < 0.5;
  const bool mirror_y = random.uniform() < 0.5;
  const double degrees = (2 * random.uniform() - 1) * options.rotation_degrees;
  const double smallest = 1 / options.zoom;
  const double zoom = smallest + (options.zoom - smallest) * random.uniform();
  const double scale = static_cast<double>(width) / view.width;
  const double step = scale / zoom;  // between neighbours of the view, in pixels of the image
  ViewMap map{scaled(make_view(options.flips && mirror_x, options.flips && mirror_y, degrees, zoom), scale)};
  if (scale > 1) {
    map.shift_x = (random.uniform() - 0.5) * std::max(0.0, width - step * view.width);
    map.shift_y = (random.uniform() - 0.5) * std::max(0.0, height - step * view.height);
  }
  const int samples = std::max(1, static_cast<int>(step + 0.5));  // along a pixel's side
  if (samples == 1) return sample_linear(rgb, width, height, map, view);
  thread_local Image large;
  large.width = samples * view.width;
  large.height = samples * view.height;
  large.rgb.resize(std::size_t{3} * static_cast<std::size_t>(large.width) * static_cast<std::size_t>(large.height));
  map.linear = scaled(map.linear, 1.0 / samples);
  sample_linear(rgb, width, height, map, large);
  shrink(large, samples, view);
}

Image augment(const Image& image, const AugmentOptions& options, std::uint64_t seed) {
  Image view = make_image(image.width, image.height);
  augment(image.rgb, image.width, image.height, options, seed, view);
  return view;
}

}  // namespace lobule
