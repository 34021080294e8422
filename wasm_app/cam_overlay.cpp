#include "cam_overlay.h"

#include <algorithm>
#include <array>
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

Rgb inferno(float value) {
  const float place = std::clamp(value, 0.0F, 1.0F) * 10;
  const auto low = static_cast<std::size_t>(std::min(place, 9.0F));
  const float share = place - static_cast<float>(low);
  Rgb mixed{};
  for (std::size_t c = 0; c < 3; ++c) {
    mixed[c] = static_cast<std::uint8_t>(static_cast<float>(kInferno[low][c]) * (1 - share) + static_cast<float>(kInferno[low + 1][c]) * share + 0.5F);
  }
  return mixed;
}

}  // namespace

CamPicture draw_cam(const CamMap& cam, int of_class) {
  if (of_class < 0 || of_class >= cam.classes) throw std::logic_error("draw_cam: no such class");
  const float* cells = cam.values.data() + static_cast<std::ptrdiff_t>(of_class) * cam.height * cam.width;
  const float largest = *std::max_element(cells, cells + cam.height * cam.width);
  CamPicture picture{cam.width * kCamScale, cam.height * kCamScale, {}};
  picture.rgba.resize(std::size_t{4} * static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  if (!(largest > 0)) return picture;  // nothing speaks for this class: all transparent

  const auto cell = [&](int x, int y) {
    x = std::clamp(x, 0, cam.width - 1);
    y = std::clamp(y, 0, cam.height - 1);
    return std::max(0.0F, cells[y * cam.width + x]) / largest;
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
      const Rgb mapped = inferno(value);
      std::copy(mapped.begin(), mapped.end(), out);
      // Weak evidence lets the tissue through.
      out[3] = static_cast<std::uint8_t>(255 * std::min(1.0F, 0.25F + value) * std::min(1.0F, value * 8) + 0.5F);
    }
  }
  return picture;
}

GLuint CamOverlay::texture(const Case& shown, int of_class) {
  if (shown.cam.values.empty()) return 0;
  if (texture_ != 0 && case_id_ == shown.id && of_class_ == of_class) return texture_;
  const CamPicture picture = draw_cam(shown.cam, of_class);
  if (texture_ == 0) glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, picture.width, picture.height, 0, GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
  case_id_ = shown.id;
  of_class_ = of_class;
  return texture_;
}

void CamOverlay::abandon() {
  texture_ = 0;
  forget();
}

void CamOverlay::forget() { case_id_ = 0; }

}  // namespace lobule
