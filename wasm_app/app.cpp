#include "app.h"

#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>
#include <implot.h>

#include <algorithm>
#include <stdexcept>

namespace lobule {
namespace {

constexpr const char* kCanvas = "#canvas";  // SDL 2.26 draws on this element and no other
constexpr float kFontSize = 13;             // CSS pixels
constexpr int kFramesToSettle = 3;          // hover, then active, then released
constexpr float kViewMargin = 16;           // CSS pixels around the plots

EM_BOOL note_ctrl(int, const EmscriptenWheelEvent* event, void* app) {
  static_cast<App*>(app)->set_ctrl_held(event->mouse.ctrlKey);
  return EM_TRUE;  // the page does not zoom or scroll under the canvas
}

EM_BOOL lose_context(int, const void*, void* app) {
  static_cast<App*>(app)->context_lost();
  return EM_TRUE;  // asks the browser to give it back
}

EM_BOOL restore_context(int, const void*, void* app) {
  static_cast<App*>(app)->context_restored();
  return EM_TRUE;
}

}  // namespace

void App::start(const std::uint8_t* font, int font_bytes) {
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, kCanvas);
  SDL_SetMainReady();
  if (SDL_Init(SDL_INIT_VIDEO) != 0) throw std::runtime_error(std::string("the canvas did not start: ") + SDL_GetError());
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
  window_ = SDL_CreateWindow("lobule", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, 640, 480, SDL_WINDOW_OPENGL | SDL_WINDOW_ALLOW_HIGHDPI);
  if (window_ == nullptr) throw std::runtime_error(std::string("the canvas did not start: ") + SDL_GetError());
  context_ = SDL_GL_CreateContext(window_);
  if (context_ == nullptr) throw std::runtime_error("this browser gives no WebGL 2, which the image viewer needs");
  has_context_ = true;

  // Keys are the page's: SDL would take Tab from whoever leaves the canvas with it.
  emscripten_set_keydown_callback(kCanvas, nullptr, EM_FALSE, nullptr);
  emscripten_set_keyup_callback(kCanvas, nullptr, EM_FALSE, nullptr);
  emscripten_set_keypress_callback(kCanvas, nullptr, EM_FALSE, nullptr);
  emscripten_set_wheel_callback(kCanvas, this, EM_FALSE, note_ctrl);
  emscripten_set_webglcontextlost_callback(kCanvas, this, EM_FALSE, lose_context);
  emscripten_set_webglcontextrestored_callback(kCanvas, this, EM_FALSE, restore_context);

  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImPlot::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // the page keeps what is kept
  ImFontConfig config;
  config.FontDataOwnedByAtlas = true;
  void* data = ImGui::MemAlloc(static_cast<std::size_t>(font_bytes));
  std::copy(font, font + font_bytes, static_cast<std::uint8_t*>(data));
  if (io.Fonts->AddFontFromMemoryTTF(data, font_bytes, kFontSize, &config) == nullptr) {
    throw std::runtime_error("the canvas' font could not be read");
  }
  ImGui_ImplSDL2_InitForOpenGL(window_, context_);
  ImGui_ImplOpenGL3_Init("#version 300 es");
  wake();
}

void App::set_theme(const Theme& theme) {
  theme_ = theme;
  if (ImGui::GetCurrentContext() != nullptr) apply_theme(theme);  // without WebGL 2 the Session works all the same
  wake();
}

void App::resize(int width, int height) {
  if (window_ != nullptr) SDL_SetWindowSize(window_, std::max(1, width), std::max(1, height));
  wake();
}

void App::wake() { frames_wanted_ = kFramesToSettle; }

void App::set_view(View view) {
  view_ = view;
  wake();
}

void App::viewer_command(const std::string& name) {
  constexpr std::string_view kChannel = "channel_";
  if (name == "toggle_cam")
    cam_on_ = !cam_on_;
  else if (name == "cam_for" || name == "cam_for_and_against")
    show_sign(name == "cam_for" ? CamSign::only_for : CamSign::for_and_against);
  else if (name == "next_channel")
    channel_ = next_channel(channel_);
  else if (name.starts_with(kChannel))
    channel_ = channel_of(std::string_view(name).substr(kChannel.size()));
  else if (name == "toggle_compare")
    pin(session_.pinned() != 0 ? 0 : session_.selected());
  else if (name == "toggle_models")
    compare_models(!session_.compares_models());
  else
    viewer_.command(name);
  wake();
}

void App::pin(int case_id) {
  session_.pin(case_id);
  viewer_.forget_cams();  // the other side's was another model's
}

void App::compare_models(bool on) {
  session_.compare_models(on);
  viewer_.forget_cams();
  if (session_.compares_models()) cam_on_ = true;
}

void App::show_sign(CamSign sign) {
  cam_sign_ = sign;
  cam_on_ = true;
}

void App::set_cam(bool on, double opacity) {
  cam_on_ = on;
  cam_opacity_ = std::clamp(opacity, 0.0, 1.0);
  wake();
}

bool App::take_events() {
  bool any = false;
  SDL_Event event;
  while (SDL_PollEvent(&event) != 0) {
    any = true;
    if (event.type == SDL_MULTIGESTURE && event.mgesture.numFingers == 2) {
      // dDist is relative to the window; twice it doubles the picture over half a window, which feels like the fingers hold it.
      static float last_x = 0, last_y = 0;
      static SDL_TouchID last = 0;
      const ImVec2 size = ImGui::GetIO().DisplaySize;
      const float x = event.mgesture.x * size.x;
      const float y = event.mgesture.y * size.y;
      const bool same = last == event.mgesture.touchId && std::abs(x - last_x) < 48 && std::abs(y - last_y) < 48;
      viewer_.pinch(1 + 2.0 * event.mgesture.dDist, {x, y}, same ? Point{x - last_x, y - last_y} : Point{});
      last = event.mgesture.touchId;
      last_x = x;
      last_y = y;
      continue;
    }
    ImGui_ImplSDL2_ProcessEvent(&event);
  }
  return any;
}

bool App::frame() {
  if (!has_context_) return false;
  if (take_events() || session_.revision() != drawn_revision_) wake();
  if (frames_wanted_ > 0)
    --frames_wanted_;
  else if (!viewer_.moving())
    return false;
  drawn_revision_ = session_.revision();
  draw();
  ++frames_drawn_;
  return frames_wanted_ > 0 || viewer_.moving();
}

void App::draw() {
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  ImGui::NewFrame();
  const ImGuiViewport* viewport = ImGui::GetMainViewport();
  ImGui::SetNextWindowPos(viewport->Pos);
  ImGui::SetNextWindowSize(viewport->Size);
  const ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                 ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse;
  ImGui::Begin("canvas", nullptr, flags);
  if (view_ == View::classify)
    draw_classify();
  else
    draw_evaluate();
  ImGui::End();
  ImGui::Render();

  int width = 0;
  int height = 0;
  SDL_GL_GetDrawableSize(window_, &width, &height);
  glViewport(0, 0, width, height);
  glClearColor(theme_.surface.x, theme_.surface.y, theme_.surface.z, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  SDL_GL_SwapWindow(window_);
  ctrl_held_ = false;  // holds for the wheel event of this frame alone
}

EvaluatePanelContent App::evaluate_content() {
  EvaluatePanelContent content;
  content.is_fixed = session_.has_opened_evaluation();
  if (content.is_fixed || !session_.baseline()) return content;
  content.baseline = session_.baseline()->name();
  content.baseline_roc = session_.baseline_roc();
  return content;
}

void App::draw_evaluate() {
  const Evaluation* evaluation = session_.evaluation(dragging_threshold_);
  ImGui::SetCursorPos({kViewMargin, kViewMargin});
  const ImVec2 size = ImGui::GetContentRegionAvail();
  ImGui::BeginChild("evaluate", {size.x - kViewMargin, size.y});
  if (session_.reads_first() && !session_.has_opened_evaluation()) {
    ImGui::TextDisabled("Hidden while you read first");
  } else if (evaluation == nullptr) {
    ImGui::TextDisabled("%s", session_.left_out() > 0 ? "All labelled images are of patients whom this model learned from" : "No labelled case yet");
  } else {
    const EvaluateRequest request = draw_evaluate_panel(*evaluation, evaluate_content(), theme_);
    if (request.threshold) session_.set_thresholds(*request.threshold, *request.threshold, dragging_threshold_);
    if (request.show) filter_asked_for_ = request.show;
    const ImGuiIO& io = ImGui::GetIO();
    const bool by_finger = io.MouseSource == ImGuiMouseSource_TouchScreen && ImGui::IsMouseDragging(ImGuiMouseButton_Left);
    if (by_finger && !request.dragging) ImGui::SetScrollY(ImGui::GetScrollY() - io.MouseDelta.y);
    if (dragging_threshold_ && !request.dragging) wake();  // once more, with intervals
    dragging_threshold_ = request.dragging;
  }
  ImGui::EndChild();
}

void App::context_lost() { has_context_ = false; }

void App::context_restored() {
  viewer_.context_lost();
  ImGui_ImplOpenGL3_DestroyDeviceObjects();  // made anew at the next frame
  has_context_ = true;
  wake();
}

}  // namespace lobule
