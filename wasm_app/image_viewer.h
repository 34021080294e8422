#pragma once

#include <imgui.h>

#include <optional>
#include <string>
#include <vector>

#include "cam_overlay.h"
#include "camera.h"
#include "channel.h"
#include "lobule/preprocess.h"
#include "session_case.h"
#include "theme.h"
#include "tile_cache.h"

namespace lobule {

/// One case as the viewer shows it.
struct ShownCase {
  const Case* shown = nullptr;  // null: a hint instead
  std::string call;             // "x.png: malignant, 0.93"; written where two are compared
  std::string channel;          // see channel_text; empty as scanned
  std::string cam_text;         // see viewer_text.h; empty where no heat map is shown
  const CamMap* cam = nullptr;
  int cam_class = 1;
  const InputSpec* input = nullptr;  // of the model whose call and map these are: where it looked
  double pixel_size = 0;             // micrometres; 0: not known
};

/// What the viewer shows beside the tissue itself.
struct ViewerContent {
  ShownCase selected;
  std::optional<ShownCase> pinned;  // to be compared with: another case, or the selected one as the baseline sees it
  std::string hint;                 // written above the captions; empty: none
  Channel channel = Channel::as_scanned;
  double cam_opacity = 0.6;  // 0..1
  CamSign cam_sign = CamSign::only_for;
};

/// What the user asked for in this frame.
struct ViewerRequest {
  double cam_opacity_step = 0;  // Ctrl + wheel
};

/// Draws one case's tissue with its heat map, or two cases or two models' heat maps side by side; zoom, pan, minimap, scale bar.
class ImageViewer {
 public:
  /// Fills the current ImGui window. ctrl_held: the wheel then means opacity.
  ViewerRequest draw(const ViewerContent& content, const Theme& theme, bool ctrl_held);
  /// True while the last zoom or pan has not come to rest.
  bool moving() const { return moving_; }
  void command(const std::string& name);  // see app_viewer_command
  void pinch(double factor, Point centre, Point moved);
  TileCache& tiles() { return tiles_; }
  /// Whether the channel's stains are the case's own; nothing until one of its tiles came.
  std::optional<bool> own_stains(const Case& shown, Channel channel);
  void forget_cams();   // they, or their classes, changed
  void context_lost();  // textures are gone

 private:
  /// The whole canvas, or one half of it.
  struct Pane {
    const ShownCase* content;
    Camera camera;
    ImVec2 origin;
    ImVec2 size;
    Point to_selected = {1, 1};  // distances on this pane's screen in those of the selected case's
    CamOverlay* cam;
  };

  void lay_out(const ViewerContent& content);
  void aim(Pane& pane);
  void draw_pane(Pane& pane, const ViewerContent& content, const Theme& theme);
  void handle_mouse(const Pane& pane, bool ctrl_held, ViewerRequest& request);
  void zoom(const Pane& pane, double factor, Point at);
  void draw_tiles(const Pane& pane, const ViewerContent& content);
  void draw_level(const Pane& pane, Channel channel, int level, bool ask, float grey);
  void draw_cam(const Pane& pane, const ViewerContent& content);
  void draw_minimap(const Pane& pane, Channel channel, const Theme& theme);
  void draw_captions(const Pane& pane, const ViewerContent& content, const Theme& theme);
  void draw_legend(ImVec2 at, const Pane& pane, const ViewerContent& content, const Theme& theme);

  Camera camera_;  // of the selected case
  TileCache tiles_;
  CamOverlay selected_cam_;
  CamOverlay pinned_cam_;
  std::vector<Pane> panes_;  // the selected case's last
  bool moving_ = false;
  double device_pixel_ratio_ = 1;
};

/// Pixels of the image that the network saw, by the model's fit; may reach beyond the image (Fit::contain).
PixelBox seen_box(int width, int height, const InputSpec& input);

/// Of the level that is a single tile.
int coarsest_level(const Case& shown);

}  // namespace lobule
