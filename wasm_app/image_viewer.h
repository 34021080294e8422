#pragma once

#include <imgui.h>

#include <string>

#include "cam_overlay.h"
#include "camera.h"
#include "lobule/preprocess.h"
#include "session_case.h"
#include "theme.h"
#include "tile_cache.h"

namespace lobule {

/// What the viewer shows beside the tissue itself.
struct ViewerContent {
  const Case* shown = nullptr;       // null: a hint instead
  const InputSpec* input = nullptr;  // where the network looked; null without a model
  int cam_class = 1;
  std::string cam_caption;  // "Evidence for malignant"
  bool cam_on = false;
  double cam_opacity = 0.6;  // 0..1
};

/// What the user asked for in this frame.
struct ViewerRequest {
  double cam_opacity_step = 0;  // Ctrl + wheel
};

/// Draws one case's tissue with its heat map; zoom, pan, minimap, scale bar.
class ImageViewer {
 public:
  /// Fills the current ImGui window. ctrl_held: the wheel then means opacity.
  ViewerRequest draw(const ViewerContent& content, const Theme& theme, bool ctrl_held);
  /// True while the last zoom or pan has not come to rest.
  bool moving() const { return moving_; }
  void command(const std::string& name);  // see app_viewer_command
  void pinch(double factor, Point centre, Point moved);
  TileCache& tiles() { return tiles_; }
  CamOverlay& cam() { return cam_; }

 private:
  void handle_mouse(bool ctrl_held, ViewerRequest& request);
  void draw_tiles(const Case& shown, const ViewerContent& content, ImVec2 origin);
  void draw_level(const Case& shown, int level, bool ask, float grey, ImVec2 origin);
  void draw_cam(const Case& shown, const ViewerContent& content, ImVec2 origin);
  void draw_minimap(const Case& shown, const Theme& theme, ImVec2 origin, ImVec2 size);
  void draw_captions(const Case& shown, const ViewerContent& content, const Theme& theme, ImVec2 origin, ImVec2 size);

  Camera camera_;
  TileCache tiles_;
  CamOverlay cam_;
  bool moving_ = false;
  double device_pixel_ratio_ = 1;
  ImVec2 size_ = {1, 1};
};

/// Pixels of the image that the network saw, by the model's fit; may reach beyond the image (Fit::contain).
PixelBox seen_box(int width, int height, const InputSpec& input);

/// Micrometres a pixel of BreaKHis images at their full 700x460 (Spanhol 2016, table 2: effective pixel size); 0 when not known.
double micrometres_per_pixel(const Case& shown);

}  // namespace lobule
