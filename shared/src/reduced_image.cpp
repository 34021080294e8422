#include "reduced_image.h"

#include <algorithm>
#include <cstddef>

namespace lobule {
namespace {

constexpr int kShortSide = 224;       // boxes at least, where the image has that many pixels: what networks look at
constexpr int kMostReduction = 255;   // a column of so many samples fits 16 bits
constexpr int kFineColourSide = 112;  // boxes: from twice this on, every second one has colour enough

/// Divides by an area of at most 255^2, exactly for sums below 256 times the area: a multiplication by 2^40 / area, rounded up, errs by less than
/// sum * area / 2^40 < 1 / area (Granlund & Montgomery 1994).
class Divider {
 public:
  explicit Divider(std::uint64_t divisor) : factor_((std::uint64_t{1} << 40) / divisor + 1) {}
  std::uint32_t operator()(std::uint32_t sum) const { return static_cast<std::uint32_t>((sum * factor_) >> 40); }

 private:
  std::uint64_t factor_;
};

/// Sums of each column's samples over `rows` rows.
void sum_rows(const std::uint8_t* samples, std::size_t stride, int rows, std::vector<std::uint16_t>& sums) {
  const std::size_t count = sums.size();
  for (std::size_t i = 0; i < count; ++i) sums[i] = samples[i];
  for (int row = 1; row < rows; ++row) {
    const std::uint8_t* line = samples + static_cast<std::size_t>(row) * stride;
    for (std::size_t i = 0; i < count; ++i) sums[i] = static_cast<std::uint16_t>(sums[i] + line[i]);
  }
}

}  // namespace

ReducedImage reduce_image(const Image& image) {
  ReducedImage reduced;
  const int short_side = std::min(image.width, image.height);
  const int reduction = std::clamp(short_side / kShortSide, 1, kMostReduction);
  reduced.reduction = reduction;
  reduced.width = image.width / reduction;
  reduced.height = image.height / reduction;
  reduced.colour_step = short_side / reduction >= kFineColourSide ? 2 : 1;
  const auto width = static_cast<std::size_t>(reduced.width);
  const auto step = static_cast<std::size_t>(reduced.colour_step);
  const std::size_t stride = std::size_t{3} * static_cast<std::size_t>(image.width);
  const auto area = static_cast<std::uint32_t>(reduction * reduction);
  const Divider by_area(area);
  reduced.luminance.resize(width * static_cast<std::size_t>(reduced.height));
  reduced.rgb.reserve(3 * ((width + step - 1) / step) * ((static_cast<std::size_t>(reduced.height) + step - 1) / step));
  std::vector<std::uint16_t> sums(3 * width * static_cast<std::size_t>(reduction));
  std::uint8_t* luminance = reduced.luminance.data();
  for (int y = 0; y < reduced.height; ++y) {
    sum_rows(image.rgb.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(reduction) * stride, stride, reduction, sums);
    const bool has_colour = static_cast<std::size_t>(y) % step == 0;
    const std::uint16_t* column = sums.data();
    for (std::size_t x = 0; x < width; ++x) {
      std::uint32_t box[3] = {column[0], column[1], column[2]};
      column += 3;
      for (int i = 1; i < reduction; ++i, column += 3) {
        for (int channel = 0; channel < 3; ++channel) box[channel] += column[channel];
      }
      *luminance++ = static_cast<std::uint8_t>(by_area((77 * box[0] + 150 * box[1] + 29 * box[2]) >> 8));
      if (has_colour && x % step == 0) {
        for (const std::uint32_t sum : box) reduced.rgb.push_back(static_cast<std::uint8_t>(by_area(sum + area / 2)));
      }
    }
  }
  return reduced;
}

}  // namespace lobule
