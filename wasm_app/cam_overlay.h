#pragma once

#include <GLES3/gl3.h>

#include "cam_picture.h"

namespace lobule {

/// The texture of the CAM that is looked at.
class CamOverlay {
 public:
  /// 0 when the case's CAM is empty.
  GLuint texture(int case_id, const CamMap& cam, int of_class, CamSign sign);
  void abandon();  // WebGL context lost
  void forget();   // the case's CAM changed

 private:
  GLuint texture_ = 0;
  int case_id_ = 0;
  int of_class_ = -1;
  CamSign sign_ = CamSign::only_for;
};

}  // namespace lobule
