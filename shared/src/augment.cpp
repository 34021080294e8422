#include "lobule/augment.h"

#include <stdexcept>

#include "affine.h"
#include "lobule/portable_math.h"

namespace lobule {

void augment(std::span<const std::uint8_t> rgb, int width, int height, const AugmentOptions& options, std::uint64_t seed, std::span<std::uint8_t> view) {
  // Written so that NaN fails.
  if (!(options.rotation_degrees >= 0 && options.rotation_degrees <= 360)) throw std::logic_error("augment: rotation is not within 0..360 degrees");
  if (!(options.zoom >= 1 && options.zoom <= 100)) throw std::logic_error("augment: zoom is not within 1..100");
  if (width <= 0 || height <= 0) throw std::logic_error("augment: image has no pixels");
  SplitMix64 random(seed);
  // Four numbers whatever the options say: switching one off leaves the others as they were.
  const bool mirror_x = random.uniform() < 0.5;
  const bool mirror_y = random.uniform() < 0.5;
  const double degrees = (2 * random.uniform() - 1) * options.rotation_degrees;
  const double smallest = 1 / options.zoom;
  const double zoom = smallest + (options.zoom - smallest) * random.uniform();
  sample_linear(rgb, width, height, make_view(options.flips && mirror_x, options.flips && mirror_y, degrees, zoom), view);
}

Image augment(const Image& image, const AugmentOptions& options, std::uint64_t seed) {
  Image view = make_image(image.width, image.height);
  augment(image.rgb, image.width, image.height, options, seed, view.rgb);
  return view;
}

}  // namespace lobule
