#pragma once

#include <GLES3/gl3.h>

#include <cstdint>
#include <vector>

#include "session_case.h"

namespace lobule {

/// RGBA picture of one class's evidence: contributions above zero, relative to the largest, on an inferno-like map (perceptually uniform, ordered in lightness), interpolated
/// bilinearly to kCamScale pixels a cell before the colours are looked up. Transparent where nothing speaks for the class.
struct CamPicture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;
};
inline constexpr int kCamScale = 16;

/// of_class must be one of the map's classes (std::logic_error otherwise).
CamPicture draw_cam(const CamMap& cam, int of_class);

/// The texture of the CAM that is looked at.
class CamOverlay {
 public:
  /// 0 when the case has no CAM.
  GLuint texture(const Case& shown, int of_class);
  void abandon();  // WebGL context lost
  void forget();   // the case's CAM changed

 private:
  GLuint texture_ = 0;
  int case_id_ = 0;
  int of_class_ = -1;
};

}  // namespace lobule
