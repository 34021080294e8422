#pragma once

#include <array>
#include <vector>

#include "lobule/image.h"
#include "lobule/resize.h"

namespace lobule {

/// How an image of another shape comes to the network's input.
enum class Fit {
  stretch,  // both sides scaled on their own
  cover,    // the largest centred box of the input's aspect ratio is scaled; the rest is cut off
  contain,  // scaled to fit and padded with white, centred
};

/// How a network wants to be fed. Travels with the model.
struct InputSpec {
  int width = 0;   // pixels
  int height = 0;  // pixels
  Fit fit = Fit::cover;
  ResizeFilter filter = ResizeFilter::bilinear;
  std::array<float, 3> mean = {0.5F, 0.5F, 0.5F};    // of R, G, B in 0..1
  std::array<float, 3> stddev = {0.5F, 0.5F, 0.5F};  // of R, G, B in 0..1
};

/// The image at the network's size, 8 bits a channel, before normalisation.
Image fit_image(const Image& image, const InputSpec& spec);

/// (value / 255 - mean) / stddev of the 256 values, for each channel: what normalise looks up.
std::array<std::array<float, 256>, 3> normalisation_tables(const InputSpec& spec);

/// (value / 255 - mean) / stddev, planar R, G, B: [1, 3, height, width]. image must have the spec's size.
std::vector<float> normalise(const Image& image, const InputSpec& spec);

/// fit_image, then normalise: the only place where the steps are composed. Result: nchw, [1, 3, spec.height, spec.width].
/// The same bits under g++ and emcc at every optimisation level.
std::vector<float> preprocess(const Image& image, const InputSpec& spec);

/// Box of the source that Fit::cover scales (centred, integer, rounded half down).
PixelBox cover_box(int image_width, int image_height, int target_width, int target_height);

}  // namespace lobule
