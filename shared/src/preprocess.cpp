#include "lobule/preprocess.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace lobule {
namespace {

constexpr std::uint8_t kWhite = 255;

/// a * b / c, rounded to the nearest integer, halves down; at least 1.
int scaled_side(int a, int b, int c) {
  const std::int64_t product = std::int64_t{a} * b;
  const std::int64_t rounded = (2 * product + c - 1) / (2 * std::int64_t{c});
  return static_cast<int>(std::max<std::int64_t>(rounded, 1));
}

/// Sign of the image's aspect ratio less the target's.
int compare_aspect(int image_width, int image_height, int target_width, int target_height) {
  const std::int64_t image = std::int64_t{image_width} * target_height;
  const std::int64_t target = std::int64_t{image_height} * target_width;
  return image < target ? -1 : image > target ? 1 : 0;
}

Image contain(const Image& image, const InputSpec& spec) {
  const bool wide = compare_aspect(image.width, image.height, spec.width, spec.height) > 0;
  const int width = wide ? spec.width : std::min(scaled_side(image.width, spec.height, image.height), spec.width);
  const int height = wide ? std::min(scaled_side(image.height, spec.width, image.width), spec.height) : spec.height;
  const Image scaled = resize_image(image, width, height, spec.filter);
  Image padded = make_image(spec.width, spec.height);
  std::fill(padded.rgb.begin(), padded.rgb.end(), kWhite);
  const int left = (spec.width - width) / 2;
  const int top = (spec.height - height) / 2;
  for (int y = 0; y < height; ++y) {
    const auto row = scaled.rgb.begin() + std::ptrdiff_t{3} * y * width;
    std::copy(row, row + std::ptrdiff_t{3} * width, padded.rgb.begin() + std::ptrdiff_t{3} * ((top + y) * spec.width + left));
  }
  return padded;
}

void check_image(const Image& image) {
  if (image.width <= 0 || image.height <= 0 ||
      image.rgb.size() != std::size_t{3} * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height)) {
    throw std::logic_error("preprocess: image has a wrong size");
  }
}

}  // namespace

PixelBox cover_box(int image_width, int image_height, int target_width, int target_height) {
  PixelBox box = {0, 0, image_width, image_height};
  const int aspect = compare_aspect(image_width, image_height, target_width, target_height);
  if (aspect > 0) {
    box.width = std::min(scaled_side(image_height, target_width, target_height), image_width);
    box.left = (image_width - box.width) / 2;
  } else if (aspect < 0) {
    box.height = std::min(scaled_side(image_width, target_height, target_width), image_height);
    box.top = (image_height - box.height) / 2;
  }
  return box;
}

Image fit_image(const Image& image, const InputSpec& spec) {
  check_image(image);
  switch (spec.fit) {
    case Fit::stretch:
      return resize_image(image, spec.width, spec.height, spec.filter);
    case Fit::cover:
      return resize_image(image, cover_box(image.width, image.height, spec.width, spec.height), spec.width, spec.height, spec.filter);
    case Fit::contain:
      return contain(image, spec);
  }
  throw std::logic_error("fit_image: unknown fit");
}

std::array<std::array<float, 256>, 3> normalisation_tables(const InputSpec& spec) {
  std::array<std::array<float, 256>, 3> tables;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    // In double and rounded once: float steps would depend on whether the machine keeps more bits between them.
    for (std::size_t value = 0; value < 256; ++value) {
      tables[channel][value] =
          static_cast<float>((static_cast<double>(value) / 255.0 - static_cast<double>(spec.mean[channel])) / static_cast<double>(spec.stddev[channel]));
    }
  }
  return tables;
}

std::vector<float> normalise(const Image& image, const InputSpec& spec) {
  check_image(image);
  if (image.width != spec.width || image.height != spec.height) {
    throw std::logic_error("normalise: image does not have the input's size");
  }
  const std::size_t pixels = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  const auto tables = normalisation_tables(spec);
  std::vector<float> nchw(3 * pixels);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const std::uint8_t* in = image.rgb.data() + channel;
    float* out = nchw.data() + channel * pixels;
    for (std::size_t i = 0; i < pixels; ++i) out[i] = tables[channel][in[3 * i]];
  }
  return nchw;
}

std::vector<float> preprocess(const Image& image, const InputSpec& spec) { return normalise(fit_image(image, spec), spec); }

}  // namespace lobule
