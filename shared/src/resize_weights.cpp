#include "resize_weights.h"

#include <algorithm>

namespace lobule {
namespace {

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

}  // namespace

/// precompute_coeffs and normalize_coeffs_8bpc of Pillow's Resample.c. Only + - * / and truncation: the same everywhere.
ResizeWeights make_resize_weights(int source_size, int box_start, int box_size, int output_size, ResizeFilter filter) {
  const double scale = static_cast<double>(box_size) / output_size;
  const double filter_scale = scale < 1.0 ? 1.0 : scale;  // a shrinking filter widens: antialiasing
  const double support = support_of(filter) * filter_scale;
  const double inverse_scale = 1.0 / filter_scale;
  ResizeWeights weights;
  weights.stride = static_cast<std::size_t>(support) * 2 + 4;  // taps lie within 2 * support + 1
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

}  // namespace lobule
