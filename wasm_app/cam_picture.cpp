#include "cam_picture.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lobule {
namespace {

using Rgb = std::array<std::uint8_t, 3>;

/// "inferno" at 0, 0.1, ..., 1 (S. van der Walt, N. Smith, matplotlib 1.5, CC0).
constexpr std::array<Rgb, 11> kInferno = {{{0, 0, 4},
                                           {22, 11, 57},
                                           {66, 10, 104},
                                           {106, 23, 110},
                                           {147, 38, 103},
                                           {188, 55, 84},
                                           {221, 81, 58},
                                           {243, 120, 25},
                                           {252, 165, 10},
                                           {246, 215, 70},
                                           {252, 255, 164}}};

/// Blue, white and vermilion of Okabe and Ito's palette ("Color universal design", 2002).
constexpr std::array<Rgb, 3> kDiverging = {{{0, 114, 178}, {255, 255, 255}, {213, 94, 0}}};

/// Between the nearest two of evenly spaced colours. place: 0 to 1.
template <std::size_t N>
Rgb mixed(const std::array<Rgb, N>& colours, float place) {
  const float step = std::clamp(place, 0.0F, 1.0F) * static_cast<float>(N - 1);
  const auto low = std::min(static_cast<std::size_t>(step), N - 2);
  const float share = step - static_cast<float>(low);
  Rgb result{};
  for (std::size_t c = 0; c < 3; ++c) {
    result[c] = static_cast<std::uint8_t>(static_cast<float>(colours[low][c]) * (1 - share) + static_cast<float>(colours[low + 1][c]) * share + 0.5F);
  }
  return result;
}

const float* cells_of(const CamMap& cam, int of_class) {
  if (of_class < 0 || of_class >= cam.classes) throw std::logic_error("a heat map of no such class");
  return cam.values.data() + static_cast<std::ptrdiff_t>(of_class) * cam.height * cam.width;
}

}  // namespace

Rgb cam_colour(CamSign sign, float value) { return sign == CamSign::only_for ? mixed(kInferno, value) : mixed(kDiverging, (value + 1) / 2); }

float cam_limit(const CamMap& cam, int of_class, CamSign sign) {
  const float* cells = cells_of(cam, of_class);
  const auto [least, largest] = std::minmax_element(cells, cells + cam.height * cam.width);
  const float above = std::max(0.0F, *largest);
  return sign == CamSign::only_for ? above : std::max(above, -*least);
}

CamPicture draw_cam(const CamMap& cam, int of_class, CamSign sign) {
  const float* cells = cells_of(cam, of_class);
  const float limit = cam_limit(cam, of_class, sign);
  CamPicture picture{cam.width * kCamScale, cam.height * kCamScale, {}};
  picture.rgba.resize(std::size_t{4} * static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  if (!(limit > 0)) return picture;  // nothing to show: all transparent

  const float least = sign == CamSign::only_for ? 0.0F : -1.0F;
  const auto cell = [&](int x, int y) {
    x = std::clamp(x, 0, cam.width - 1);
    y = std::clamp(y, 0, cam.height - 1);
    return std::max(least, cells[y * cam.width + x] / limit);
  };
  std::uint8_t* out = picture.rgba.data();
  for (int y = 0; y < picture.height; ++y) {
    const float v = (static_cast<float>(y) + 0.5F) / kCamScale + 0.5F;  // shifted by one cell to stay positive
    const int row = static_cast<int>(v) - 1;
    const float below = v - static_cast<float>(row + 1);
    for (int x = 0; x < picture.width; ++x, out += 4) {
      const float u = (static_cast<float>(x) + 0.5F) / kCamScale + 0.5F;
      const int column = static_cast<int>(u) - 1;
      const float right = u - static_cast<float>(column + 1);
      const float top = cell(column, row) * (1 - right) + cell(column + 1, row) * right;
      const float bottom = cell(column, row + 1) * (1 - right) + cell(column + 1, row + 1) * right;
      const float value = top * (1 - below) + bottom * below;
      const Rgb mapped = cam_colour(sign, value);
      std::copy(mapped.begin(), mapped.end(), out);
      const float strength = std::abs(value);
      // Weak evidence lets the tissue through.
      out[3] = static_cast<std::uint8_t>(255 * std::min(1.0F, 0.25F + strength) * std::min(1.0F, strength * 8) + 0.5F);
    }
  }
  return picture;
}

}  // namespace lobule
