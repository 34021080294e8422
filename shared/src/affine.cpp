#include "affine.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "affine_rows.h"

namespace lobule {
namespace {

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
  const int weight = weight_of(position);
  if (index >= 0 && index + 1 < size) return {static_cast<std::ptrdiff_t>(index), static_cast<std::ptrdiff_t>(index) + 1, weight};
  return {reflect(index, size), reflect(index + 1, size), weight};
}

/// Output pixels [first, end) of a row.
struct Range {
  std::int64_t first;
  std::int64_t end;
};

std::int64_t floor_divided(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

/// Those of the range whose position + i * step lies in [0, limit); none when limit <= 0.
Range within(Range range, std::int64_t position, std::int64_t step, std::int64_t limit) {
  if (step == 0) return position >= 0 && position < limit ? range : Range{range.first, range.first};
  // i is at least low / step and at most high / step, or the other way round.
  const std::int64_t low = -position;
  const std::int64_t high = limit - 1 - position;
  const std::int64_t first = -floor_divided(-(step > 0 ? low : high), step);
  const std::int64_t last = floor_divided(step > 0 ? high : low, step);
  const Range inside{std::max(range.first, first), std::min(range.end, last + 1)};
  return inside.first < inside.end ? inside : Range{range.first, range.first};
}

/// An output pixel anywhere, its neighbours reflected into the image.
void sample_anywhere(const std::uint8_t* rgb, int width, int height, const SourceWalk& at, std::uint8_t* out) {
  const std::ptrdiff_t stride = std::ptrdiff_t{3} * width;
  const Neighbours column = neighbours_of(at.x, width);
  const Neighbours row = neighbours_of(at.y, height);
  const std::uint8_t* upper = rgb + row.first * stride;
  const std::uint8_t* lower = rgb + row.second * stride;
  for (std::ptrdiff_t c = 0; c < 3; ++c) {
    out[c] =
        blend(upper[3 * column.first + c], upper[3 * column.second + c], lower[3 * column.first + c], lower[3 * column.second + c], column.weight, row.weight);
  }
}

}  // namespace

LinearMap make_view(bool mirror_x, bool mirror_y, double degrees, double zoom) {
  const auto [cosine, sine] = direction(degrees);
  const double across = (mirror_x ? -1.0 : 1.0) / zoom;
  const double down = (mirror_y ? -1.0 : 1.0) / zoom;
  // The inverse, since it leads from the output to the source: turned back, then mirrored back.
  return {cosine * across, sine * across, -sine * down, cosine * down};
}

void sample_linear(std::span<const std::uint8_t> rgb, int width, int height, const ViewMap& through, Image& view) {
  const auto bytes_of = [](int w, int h) { return std::size_t{3} * static_cast<std::size_t>(w) * static_cast<std::size_t>(h); };
  if (rgb.size() != bytes_of(width, height) || view.rgb.size() != bytes_of(view.width, view.height)) {
    throw std::logic_error("sample_linear: not the bytes of an image of this size");
  }
  const LinearMap& map = through.linear;
  const double center_x = 0.5 * (view.width - 1);
  const double center_y = 0.5 * (view.height - 1);
  const std::int64_t rounding = std::int64_t{1} << (kFractionBits - kWeightBits - 1);
  const std::int64_t start_x = to_fixed_point(0.5 * (width - 1) + through.shift_x - map.xx * center_x - map.xy * center_y) + rounding;
  const std::int64_t start_y = to_fixed_point(0.5 * (height - 1) + through.shift_y - map.yx * center_x - map.yy * center_y) + rounding;
  const std::int64_t across_x = to_fixed_point(map.xx);
  const std::int64_t across_y = to_fixed_point(map.yx);
  const std::int64_t down_x = to_fixed_point(map.xy);
  const std::int64_t down_y = to_fixed_point(map.yy);
  // One column less than has neighbours, since sample_inside reads two bytes further.
  const std::int64_t limit_x = std::int64_t{width - 2} * (std::int64_t{1} << kFractionBits);
  const std::int64_t limit_y = std::int64_t{height - 1} * (std::int64_t{1} << kFractionBits);
  const std::ptrdiff_t stride = std::ptrdiff_t{3} * width;
  std::uint8_t* out = view.rgb.data();
  for (int y = 0; y < view.height; ++y) {
    SourceWalk walk{start_x + y * down_x, start_y + y * down_y, across_x, across_y};
    const Range inside = within(within({0, view.width}, walk.x, walk.step_x, limit_x), walk.y, walk.step_y, limit_y);
    const auto advance = [&](std::int64_t pixels) {
      walk.x += pixels * walk.step_x;
      walk.y += pixels * walk.step_y;
      out += 3 * pixels;
    };
    for (std::int64_t x = 0; x < inside.first; ++x, advance(1)) sample_anywhere(rgb.data(), width, height, walk, out);
    const std::int64_t count = inside.end - inside.first;
    sample_inside(rgb.data(), stride, walk, static_cast<int>(count), out);
    advance(count);
    for (std::int64_t x = inside.end; x < view.width; ++x, advance(1)) sample_anywhere(rgb.data(), width, height, walk, out);
  }
}

Image sample_linear(const Image& image, const LinearMap& map) {
  Image view = make_image(image.width, image.height);
  sample_linear(image.rgb, image.width, image.height, ViewMap{map}, view);
  return view;
}

}  // namespace lobule
