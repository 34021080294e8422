#pragma once

#include <SDL.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "evaluate_panel.h"
#include "image_viewer.h"
#include "session.h"
#include "theme.h"

namespace lobule {

enum class View { classify, evaluate };

/// The canvas: one SDL window on one WebGL 2 context, drawn only when something changed. Decides what panels' requests lead to.
class App {
 public:
  /// Throws std::runtime_error when there is no WebGL 2. font: an OpenType file.
  void start(const std::uint8_t* font, int font_bytes);
  void set_theme(const Theme& theme);
  void resize(int width, int height);  // CSS pixels
  bool frame();                        // see app_frame
  void set_view(View view);
  void viewer_command(const std::string& name);
  void set_cam(bool on, double opacity);
  void wake();  // something changed: draw at the next frame

  Session& session() { return session_; }
  ImageViewer& viewer() { return viewer_; }
  bool cam_on() const { return cam_on_; }
  double cam_opacity() const { return cam_opacity_; }
  CamSign cam_sign() const { return cam_sign_; }
  Channel channel() const { return channel_; }
  /// What the canvas shows of the cases, in words: see app_canvas_text.
  std::string canvas_text();
  std::int64_t frames_drawn() const { return frames_drawn_; }

  /// What a click on a chart asked the list to show, once.
  std::optional<CaseFilter> take_filter() { return std::exchange(filter_asked_for_, std::nullopt); }

  void context_lost();
  void context_restored();
  void set_ctrl_held(bool held) { ctrl_held_ = held; }

 private:
  void show_sign(CamSign sign);
  void pin(int case_id);
  void compare_models(bool on);
  bool take_events();
  void draw();
  /// What the viewer shows of a case whoever's call it is.
  ShownCase tissue_of(const Case& c);
  /// Unless heat maps are off, or this one is not to be seen yet.
  void show_cam(ShownCase& shown, const Prediction& prediction, const CamMap& cam, const InputSpec& input);
  ShownCase shown_case(int case_id);
  ShownCase by_baseline(int case_id);
  ViewerContent viewer_content();
  void draw_classify();
  void draw_evaluate();
  EvaluatePanelContent evaluate_content();

  Session session_;
  ImageViewer viewer_;
  Theme theme_;
  View view_ = View::classify;
  SDL_Window* window_ = nullptr;
  SDL_GLContext context_ = nullptr;
  bool has_context_ = false;
  bool ctrl_held_ = false;
  bool cam_on_ = false;
  double cam_opacity_ = 0.6;
  CamSign cam_sign_ = CamSign::only_for;
  Channel channel_ = Channel::as_scanned;
  bool dragging_threshold_ = false;
  int frames_wanted_ = 0;  // ImGui needs some frames to settle after an event
  std::int64_t frames_drawn_ = 0;
  std::uint64_t drawn_revision_ = 0;
  std::optional<CaseFilter> filter_asked_for_;
};

}  // namespace lobule
