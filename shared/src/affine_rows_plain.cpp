#include "affine_rows.h"

namespace lobule {

void sample_inside(const std::uint8_t* rgb, std::ptrdiff_t stride, SourceWalk walk, int count, std::uint8_t* out) {
  for (int i = 0; i < count; ++i, out += 3, walk.x += walk.step_x, walk.y += walk.step_y) {
    const std::uint8_t* upper = rgb + static_cast<std::ptrdiff_t>(walk.y >> kFractionBits) * stride + 3 * static_cast<std::ptrdiff_t>(walk.x >> kFractionBits);
    const std::uint8_t* lower = upper + stride;
    for (std::ptrdiff_t c = 0; c < 3; ++c) out[c] = blend(upper[c], upper[c + 3], lower[c], lower[c + 3], weight_of(walk.x), weight_of(walk.y));
  }
}

}  // namespace lobule
