#include "affine.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace lobule {
namespace {

constexpr int kFractionBits = 32;  // of a source position
constexpr int kWeightBits = 8;     // of a bilinear weight

struct UnitVector {
  double cosine;
  double sine;
};

/// Cosine and sine by their Taylor series within 45 degrees of an axis (error below 1e-11), and the axis exactly: the C library's
/// differ in the last bit between machines.
UnitVector direction(double degrees) {
  constexpr double kRadiansPerDegree = 0.017453292519943295;
  const double quarter_turns = std::floor(degrees / 90.0 + 0.5);
  const double r = (degrees - 90.0 * quarter_turns) * kRadiansPerDegree;
  const double q = r * r;
  const double sine = r * (1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72 * (1 - q / 110)))));
  const double cosine = 1 - q / 2 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56 * (1 - q / 90 * (1 - q / 132)))));
  switch (static_cast<std::int64_t>(quarter_turns) & 3) {
    case 0:
      return {cosine, sine};
    case 1:
      return {-sine, cosine};
    case 2:
      return {-cosine, -sine};
    default:
      return {sine, -cosine};
  }
}

std::int64_t to_fixed_point(double pixels) {
  return static_cast<std::int64_t>(std::floor(pixels * static_cast<double>(std::int64_t{1} << kFractionBits) + 0.5));
}

/// Index of the mirror image of a position outside [0, size).
std::ptrdiff_t reflect(std::int64_t index, std::int64_t size) {
  const std::int64_t period = 2 * size;
  std::int64_t inside = index % period;
  if (inside < 0) inside += period;
  return static_cast<std::ptrdiff_t>(inside < size ? inside : period - 1 - inside);
}

/// A source position along one side: the two neighbours and the second one's weight.
struct Neighbours {
  std::ptrdiff_t first;
  std::ptrdiff_t second;
  int weight;  // of the second, 0..255 of 256
};

Neighbours neighbours_of(std::int64_t position, std::int64_t size) {
  const std::int64_t index = position >> kFractionBits;
  const int weight = static_cast<int>(position >> (kFractionBits - kWeightBits) & 255);
  if (index >= 0 && index + 1 < size) return {static_cast<std::ptrdiff_t>(index), static_cast<std::ptrdiff_t>(index) + 1, weight};
  return {reflect(index, size), reflect(index + 1, size), weight};
}

}  // namespace

LinearMap make_view(bool mirror_x, bool mirror_y, double degrees, double zoom) {
  const auto [cosine, sine] = direction(degrees);
  const double across = (mirror_x ? -1.0 : 1.0) / zoom;
  const double down = (mirror_y ? -1.0 : 1.0) / zoom;
  // The inverse, since it leads from the output to the source: turned back, then mirrored back.
  return {cosine * across, sine * across, -sine * down, cosine * down};
}

Image sample_linear(const Image& image, const LinearMap& map) {
  Image view = make_image(image.width, image.height);
  const double center_x = 0.5 * (image.width - 1);
  const double center_y = 0.5 * (image.height - 1);
  const std::int64_t rounding = std::int64_t{1} << (kFractionBits - kWeightBits - 1);
  const std::int64_t start_x = to_fixed_point(center_x - map.xx * center_x - map.xy * center_y) + rounding;
  const std::int64_t start_y = to_fixed_point(center_y - map.yx * center_x - map.yy * center_y) + rounding;
  const std::int64_t step_xx = to_fixed_point(map.xx);
  const std::int64_t step_xy = to_fixed_point(map.xy);
  const std::int64_t step_yx = to_fixed_point(map.yx);
  const std::int64_t step_yy = to_fixed_point(map.yy);
  const std::ptrdiff_t stride = std::ptrdiff_t{3} * image.width;
  std::uint8_t* out = view.rgb.data();
  for (int y = 0; y < image.height; ++y) {
    std::int64_t source_x = start_x + y * step_xy;
    std::int64_t source_y = start_y + y * step_yy;
    for (int x = 0; x < image.width; ++x, out += 3, source_x += step_xx, source_y += step_yx) {
      const Neighbours column = neighbours_of(source_x, image.width);
      const Neighbours row = neighbours_of(source_y, image.height);
      const std::uint8_t* upper = image.rgb.data() + row.first * stride;
      const std::uint8_t* lower = image.rgb.data() + row.second * stride;
      const int right = column.weight;
      const int left = 256 - right;
      for (std::ptrdiff_t c = 0; c < 3; ++c) {
        const int above = left * upper[3 * column.first + c] + right * upper[3 * column.second + c];
        const int below = left * lower[3 * column.first + c] + right * lower[3 * column.second + c];
        out[c] = static_cast<std::uint8_t>(((256 - row.weight) * above + row.weight * below + (1 << 15)) >> 16);
      }
    }
  }
  return view;
}

}  // namespace lobule
