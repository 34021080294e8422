#include "lobule/resize.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace lobule {
namespace {

/// Bits after the point of a weight: 8 of the 32 hold the sample, and 2 the sum's overshoot with negative weights.
constexpr int kWeightBits = 32 - 8 - 2;
constexpr std::int32_t kHalf = 1 << (kWeightBits - 1);

/// Which source samples make each output sample, along one side.
struct Weights {
  std::vector<int> first;            // source index of the first tap
  std::vector<int> taps;             // number of taps
  std::size_t stride = 0;            // between the weights of neighbouring outputs
  std::vector<std::int32_t> values;  // fixed point

  const std::int32_t* of(int output) const { return values.data() + static_cast<std::size_t>(output) * stride; }
};

double support_of(ResizeFilter filter) { return filter == ResizeFilter::bilinear ? 1.0 : 2.0; }

double triangle(double x) {
  const double distance = x < 0.0 ? -x : x;
  return distance < 1.0 ? 1.0 - distance : 0.0;
}

/// Keys 1981 with a = -0.5, in the order of operations that Pillow has.
double cubic(double x) {
  constexpr double kA = -0.5;
  const double distance = x < 0.0 ? -x : x;
  if (distance < 1.0) return ((kA + 2.0) * distance - (kA + 3.0)) * distance * distance + 1;
  if (distance < 2.0) return (((distance - 5) * distance + 8) * distance - 4) * kA;
  return 0.0;
}

std::int32_t to_fixed_point(double weight) {
  const double scaled = weight * (1 << kWeightBits);
  return static_cast<std::int32_t>(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

/// precompute_coeffs and normalize_coeffs_8bpc of Pillow's Resample.c. Only + - * / and truncation: the same everywhere.
Weights make_weights(int source_size, int box_start, int box_size, int output_size, ResizeFilter filter) {
  const double scale = static_cast<double>(box_size) / output_size;
  const double filter_scale = scale < 1.0 ? 1.0 : scale;  // a shrinking filter widens: antialiasing
  const double support = support_of(filter) * filter_scale;
  const double inverse_scale = 1.0 / filter_scale;
  Weights weights;
  weights.stride = static_cast<std::size_t>(support) * 2 + 3;  // taps lie within 2 * support + 1
  weights.values.resize(weights.stride * static_cast<std::size_t>(output_size));
  std::vector<double> exact(weights.stride);
  for (int output = 0; output < output_size; ++output) {
    const double center = box_start + (output + 0.5) * scale;
    const int first = std::max(static_cast<int>(center - support + 0.5), 0);
    const int last = std::min(static_cast<int>(center + support + 0.5), source_size);
    const int taps = last - first;
    double sum = 0.0;
    for (int tap = 0; tap < taps; ++tap) {
      const double position = (tap + first - center + 0.5) * inverse_scale;
      const double weight = filter == ResizeFilter::bilinear ? triangle(position) : cubic(position);
      exact[static_cast<std::size_t>(tap)] = weight;
      sum += weight;
    }
    std::int32_t* values = weights.values.data() + static_cast<std::size_t>(output) * weights.stride;
    for (int tap = 0; tap < taps; ++tap) {
      const double weight = exact[static_cast<std::size_t>(tap)];
      values[tap] = to_fixed_point(sum != 0.0 ? weight / sum : weight);
    }
    weights.first.push_back(first);
    weights.taps.push_back(taps);
  }
  return weights;
}

std::uint8_t to_sample(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> kWeightBits, 0, 255)); }

/// Rows first_row .. first_row + rows of the image, each as wide as the weights make it.
Image resize_across(const Image& image, const Weights& weights, int width, int first_row, int rows) {
  Image result = make_image(width, rows);
  const std::size_t source_stride = std::size_t{3} * static_cast<std::size_t>(image.width);
  std::uint8_t* out = result.rgb.data();
  for (int row = 0; row < rows; ++row) {
    const std::uint8_t* source = image.rgb.data() + static_cast<std::size_t>(first_row + row) * source_stride;
    for (int x = 0; x < width; ++x, out += 3) {
      const std::int32_t* values = weights.of(x);
      const int taps = weights.taps[static_cast<std::size_t>(x)];
      const std::uint8_t* in = source + std::ptrdiff_t{3} * weights.first[static_cast<std::size_t>(x)];
      std::int32_t red = kHalf;
      std::int32_t green = kHalf;
      std::int32_t blue = kHalf;
      for (int tap = 0; tap < taps; ++tap, in += 3) {
        red += in[0] * values[tap];
        green += in[1] * values[tap];
        blue += in[2] * values[tap];
      }
      out[0] = to_sample(red);
      out[1] = to_sample(green);
      out[2] = to_sample(blue);
    }
  }
  return result;
}

/// Columns weighted row by row, so that memory is read in order and the compiler can use vector instructions. first_row is the
/// image row that the image given here begins with.
Image resize_down(const Image& image, const Weights& weights, int height, int first_row) {
  Image result = make_image(image.width, height);
  const std::size_t stride = std::size_t{3} * static_cast<std::size_t>(image.width);
  std::vector<std::int32_t> sums(stride);
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), kHalf);
    const std::int32_t* values = weights.of(y);
    const int first = weights.first[static_cast<std::size_t>(y)] - first_row;
    for (int tap = 0; tap < weights.taps[static_cast<std::size_t>(y)]; ++tap) {
      const std::uint8_t* in = image.rgb.data() + static_cast<std::size_t>(first + tap) * stride;
      const std::int32_t value = values[tap];
      for (std::size_t i = 0; i < stride; ++i) sums[i] += in[i] * value;
    }
    std::uint8_t* out = result.rgb.data() + static_cast<std::size_t>(y) * stride;
    for (std::size_t i = 0; i < stride; ++i) out[i] = to_sample(sums[i]);
  }
  return result;
}

void check_sizes(const Image& image, const PixelBox& box, int width, int height) {
  const bool inside =
      box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0 && box.left <= image.width - box.width && box.top <= image.height - box.height;
  if (!inside) throw std::logic_error("resize_image: the box does not lie inside the image");
  if (width <= 0 || height <= 0) throw std::logic_error("resize_image: the result has no pixels");
}

/// Pillow 13's rule for the order of the passes, which shows in the last bit (each pass rounds). Before 13 rows always went first.
bool shrinks_mainly_down(const Image& image, int width, int height) {
  const std::int64_t fewer_rows = std::int64_t{image.height} - height;
  const std::int64_t fewer_columns = std::int64_t{image.width} - width;
  return fewer_rows > 0 && fewer_rows > 2 * fewer_columns;
}

}  // namespace

Image resize_image(const Image& image, const PixelBox& box, int width, int height, ResizeFilter filter) {
  check_sizes(image, box, width, height);
  const bool across = width != image.width || box.left != 0 || box.width != width;
  const bool down = height != image.height || box.top != 0 || box.height != height;
  if (!across && !down) return image;
  const auto horizontal = [&] { return make_weights(image.width, box.left, box.width, width, filter); };
  const Weights vertical = make_weights(image.height, box.top, box.height, height, filter);
  if (!down) return resize_across(image, horizontal(), width, 0, image.height);
  if (!across) return resize_down(image, vertical, height, 0);
  if (shrinks_mainly_down(image, width, height)) {
    return resize_across(resize_down(image, vertical, height, 0), horizontal(), width, 0, height);
  }
  // Only rows that the second pass reads.
  const int first_row = vertical.first.front();
  const int rows = vertical.first.back() + vertical.taps.back() - first_row;
  return resize_down(resize_across(image, horizontal(), width, first_row, rows), vertical, height, first_row);
}

Image resize_image(const Image& image, int width, int height, ResizeFilter filter) {
  return resize_image(image, {0, 0, image.width, image.height}, width, height, filter);
}

}  // namespace lobule
