#include "cam_overlay.h"

namespace lobule {

GLuint CamOverlay::texture(int case_id, const CamMap& cam, int of_class, CamSign sign) {
  if (cam.values.empty()) return 0;
  if (texture_ != 0 && case_id_ == case_id && of_class_ == of_class && sign_ == sign) return texture_;
  const CamPicture picture = draw_cam(cam, of_class, sign);
  if (texture_ == 0) glGenTextures(1, &texture_);
  glBindTexture(GL_TEXTURE_2D, texture_);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, picture.width, picture.height, 0, GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
  case_id_ = case_id;
  of_class_ = of_class;
  sign_ = sign;
  return texture_;
}

void CamOverlay::abandon() {
  texture_ = 0;
  forget();
}

void CamOverlay::forget() { case_id_ = 0; }

}  // namespace lobule
