#include "image_viewer.h"

#include <algorithm>
#include <cmath>

namespace lobule {
namespace {

constexpr double kWheelStep = 1.25;   // zoom factor a notch
constexpr double kPanShare = 0.15;    // of the viewport a key press
constexpr float kNarrow = 600;        // screen pixels: what is compared is stacked on less
constexpr double kNearestFrom = 2.0;  // device pixels an image pixel: from here on pixels are shown as squares

/// Half of a level's sides, rounded up: what the worker's tiles have.
int at_level(int side, int level) { return (side + (1 << level) - 1) >> level; }

bool has_image(const Case* shown) { return shown != nullptr && shown->width > 0; }

ImVec2 shifted(ImVec2 origin, Point p) { return {origin.x + static_cast<float>(p.x), origin.y + static_cast<float>(p.y)}; }

}  // namespace

int coarsest_level(const Case& shown) {
  int level = 0;
  while (std::max(at_level(shown.width, level), at_level(shown.height, level)) > TileCache::kTileSide) ++level;
  return level;
}

ViewerRequest ImageViewer::draw(const ViewerContent& content, const Theme& theme, bool ctrl_held) {
  ViewerRequest request;
  device_pixel_ratio_ = ImGui::GetIO().DisplayFramebufferScale.x;
  lay_out(content);
  for (std::size_t i = 0; i < panes_.size(); ++i) {
    ImGui::SetCursorScreenPos(panes_[i].origin);
    ImGui::InvisibleButton(i + 1 == panes_.size() ? "selected" : "pinned", {std::max(1.0F, panes_[i].size.x), std::max(1.0F, panes_[i].size.y)});
    if (has_image(panes_[i].content->shown)) handle_mouse(panes_[i], ctrl_held, request);
  }
  moving_ = camera_.animate(std::min(0.1F, ImGui::GetIO().DeltaTime), theme.reduced_motion);
  tiles_.set_nearest(camera_.scale() * device_pixel_ratio_ >= kNearestFrom);
  for (Pane& pane : panes_) draw_pane(pane, content, theme);
  if (panes_.size() == 2) {
    const ImVec2 line = panes_[1].origin;
    const bool are_stacked = panes_[0].origin.x == line.x;
    const ImVec2 end = are_stacked ? ImVec2{line.x + panes_[1].size.x, line.y} : ImVec2{line.x, line.y + panes_[1].size.y};
    ImGui::GetWindowDrawList()->AddLine(line, end, colour(theme.line), 2);
  }
  return request;
}

void ImageViewer::lay_out(const ViewerContent& content) {
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  const ImVec2 whole = ImGui::GetContentRegionAvail();
  const bool are_stacked = whole.x < kNarrow;
  ImVec2 size = whole;
  if (content.pinned) (are_stacked ? size.y : size.x) /= 2;
  camera_.set_viewport(size.x, size.y);
  if (has_image(content.selected.shown)) {
    const Case& shown = *content.selected.shown;
    if (content.pinned)
      camera_ = camera_.beside(shown.width, shown.height);  // the next case is seen where the last one was
    else
      camera_.set_image(shown.width, shown.height);
  }
  panes_.clear();
  if (content.pinned) panes_.push_back({&*content.pinned, {}, origin, size, {1, 1}, &pinned_cam_});
  const ImVec2 second = are_stacked ? ImVec2{origin.x, origin.y + size.y} : ImVec2{origin.x + size.x, origin.y};
  panes_.push_back({&content.selected, {}, content.pinned ? second : origin, size, {1, 1}, &selected_cam_});
  for (Pane& pane : panes_) aim(pane);
}

void ImageViewer::aim(Pane& pane) {
  const Case* shown = pane.content->shown;
  pane.camera = has_image(shown) ? camera_.beside(shown->width, shown->height) : camera_;
  // A step on this pane's screen is a share of its image; the same share of the selected one's is another step.
  const double scale = pane.camera.scale() / camera_.scale();
  if (has_image(shown)) pane.to_selected = {camera_.image_width() / (scale * shown->width), camera_.image_height() / (scale * shown->height)};
}

void ImageViewer::draw_pane(Pane& pane, const ViewerContent& content, const Theme& theme) {
  const Case* shown = pane.content->shown;
  ImDrawList* list = ImGui::GetWindowDrawList();
  if (!has_image(shown)) {
    const char* hint = shown == nullptr                    ? "Select a case to see it here"
                       : !shown->has_image                 ? "This case came from a table: there is no image to show"
                       : shown->state == CaseState::failed ? "This file could not be read: see the result"
                                                           : "Reading the image";
    const ImVec2 extent = ImGui::CalcTextSize(hint);
    list->AddText({pane.origin.x + (pane.size.x - extent.x) / 2, pane.origin.y + (pane.size.y - extent.y) / 2}, colour(theme.quiet), hint);
    return;
  }
  aim(pane);  // the camera has moved on since
  list->PushClipRect(pane.origin, {pane.origin.x + pane.size.x, pane.origin.y + pane.size.y}, true);
  draw_tiles(pane, content);
  if (!pane.content->cam_text.empty()) draw_cam(pane, content);
  const bool has_minimap = !camera_.fits() && &pane == &panes_.back();
  if (has_minimap) draw_minimap(pane, content.channel, theme);
  draw_captions(pane, content, theme);
  list->PopClipRect();
}

void ImageViewer::zoom(const Pane& pane, double factor, Point at) {
  const Point middle = {pane.size.x / 2, pane.size.y / 2};
  camera_.zoom_at(factor, {middle.x + (at.x - middle.x) * pane.to_selected.x, middle.y + (at.y - middle.y) * pane.to_selected.y});
}

void ImageViewer::handle_mouse(const Pane& pane, bool ctrl_held, ViewerRequest& request) {
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
    if (ctrl_held)
      request.cam_opacity_step = io.MouseWheel > 0 ? 0.1 : -0.1;
    else
      zoom(pane, std::pow(kWheelStep, std::clamp(static_cast<double>(io.MouseWheel), -3.0, 3.0)),
           {io.MousePos.x - pane.origin.x, io.MousePos.y - pane.origin.y});
  }
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    camera_.fit();
  } else if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
    camera_.pan(io.MouseDelta.x * pane.to_selected.x, io.MouseDelta.y * pane.to_selected.y);
  }
}

void ImageViewer::command(const std::string& name) {
  if (panes_.empty()) return;
  const ImVec2 size = panes_.back().size;
  const Point middle = {size.x / 2, size.y / 2};
  if (name == "fit")
    camera_.fit();
  else if (name == "full_size")
    camera_.full_size(device_pixel_ratio_);
  else if (name == "zoom_in")
    camera_.zoom_at(kWheelStep, middle);
  else if (name == "zoom_out")
    camera_.zoom_at(1 / kWheelStep, middle);
  else if (name == "pan_left")
    camera_.pan(kPanShare * size.x, 0);
  else if (name == "pan_right")
    camera_.pan(-kPanShare * size.x, 0);
  else if (name == "pan_up")
    camera_.pan(0, kPanShare * size.y);
  else if (name == "pan_down")
    camera_.pan(0, -kPanShare * size.y);
}

void ImageViewer::pinch(double factor, Point centre, Point moved) {
  for (const Pane& pane : panes_) {
    const Point at = {centre.x - pane.origin.x, centre.y - pane.origin.y};
    if (at.x < 0 || at.y < 0 || at.x >= pane.size.x || at.y >= pane.size.y) continue;
    zoom(pane, factor, at);
    camera_.pan(moved.x * pane.to_selected.x, moved.y * pane.to_selected.y);
  }
}

std::optional<bool> ImageViewer::own_stains(const Case& shown, Channel channel) {
  const Tile* tile = tiles_.peek({shown.id, coarsest_level(shown), 0, 0, channel});
  return tile == nullptr ? std::nullopt : std::optional(tile->own_stains);
}

void ImageViewer::forget_cams() {
  selected_cam_.forget();
  pinned_cam_.forget();
}

void ImageViewer::context_lost() {
  tiles_.abandon();
  selected_cam_.abandon();
  pinned_cam_.abandon();
}

void ImageViewer::draw_tiles(const Pane& pane, const ViewerContent& content) {
  const double device_scale = pane.camera.scale() * device_pixel_ratio_;
  const int coarsest = coarsest_level(*pane.content->shown);
  const int wanted = std::clamp(static_cast<int>(std::floor(std::log2(1 / device_scale))), 0, coarsest);
  // From half opacity on the tissue loses its colour, so that the map's colours are not mixed with pink.
  const float grey = !pane.content->cam_text.empty() ? static_cast<float>(std::clamp((content.cam_opacity - 0.5) / 0.3, 0.0, 1.0)) : 0;
  // Until a channel's first tile comes the tissue stays as it was scanned: nothing flashes.
  const bool is_here = tiles_.peek({pane.content->shown->id, coarsest, 0, 0, content.channel}) != nullptr;
  for (int level = coarsest; !is_here && level >= wanted; --level) draw_level(pane, Channel::as_scanned, level, false, grey);
  for (int level = coarsest; level >= wanted; --level) {
    draw_level(pane, content.channel, level, level == coarsest || level == wanted, grey);
  }
}

void ImageViewer::draw_level(const Pane& pane, Channel channel, int level, bool ask, float grey) {
  const Case& shown = *pane.content->shown;
  const Camera& camera = pane.camera;
  const Point from = camera.to_image({0, 0});
  const Point to = camera.to_image({pane.size.x, pane.size.y});
  const double tile_side = static_cast<double>(TileCache::kTileSide << level);  // image pixels
  const int columns = (at_level(shown.width, level) + TileCache::kTileSide - 1) / TileCache::kTileSide;
  const int rows = (at_level(shown.height, level) + TileCache::kTileSide - 1) / TileCache::kTileSide;
  const int first_column = std::max(0, static_cast<int>(std::floor(from.x / tile_side)));
  const int first_row = std::max(0, static_cast<int>(std::floor(from.y / tile_side)));
  const int last_column = std::min(columns - 1, static_cast<int>(std::floor(to.x / tile_side)));
  const int last_row = std::min(rows - 1, static_cast<int>(std::floor(to.y / tile_side)));
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (int y = first_row; y <= last_row; ++y) {
    for (int x = first_column; x <= last_column; ++x) {
      const TileKey key = {shown.id, level, x, y, channel};
      const Tile* tile = ask ? tiles_.find(key) : tiles_.peek(key);
      if (tile == nullptr) continue;
      const Point corner = {x * tile_side, y * tile_side};
      const Point end = {std::min<double>(shown.width, corner.x + tile_side), std::min<double>(shown.height, corner.y + tile_side)};
      const ImVec2 low = shifted(pane.origin, camera.to_screen(corner));
      const ImVec2 high = shifted(pane.origin, camera.to_screen(end));
      if (grey < 1) list->AddImage(static_cast<ImTextureID>(tile->colour), low, high);
      if (grey > 0) {
        list->AddImage(static_cast<ImTextureID>(tile->grey), low, high, {0, 0}, {1, 1}, IM_COL32(255, 255, 255, static_cast<int>(255 * grey)));
      }
    }
  }
}

void ImageViewer::draw_cam(const Pane& pane, const ViewerContent& content) {
  const ShownCase& of = *pane.content;
  if (of.input == nullptr || of.cam == nullptr) return;
  const Case& shown = *of.shown;
  const GLuint texture = pane.cam->texture(shown.id, *of.cam, of.cam_class, content.cam_sign);
  if (texture == 0) return;
  const PixelBox box = seen_box(shown.width, shown.height, *of.input);
  const auto place = [&](double x, double y) { return shifted(pane.origin, pane.camera.to_screen({x, y})); };
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(place(0, 0), place(shown.width, shown.height), true);
  list->AddImage(static_cast<ImTextureID>(texture), place(box.left, box.top), place(box.left + box.width, box.top + box.height), {0, 0}, {1, 1},
                 IM_COL32(255, 255, 255, static_cast<int>(255 * std::clamp(content.cam_opacity, 0.0, 1.0))));
  list->PopClipRect();
}

PixelBox seen_box(int width, int height, const InputSpec& input) {
  if (input.fit == Fit::cover) return cover_box(width, height, input.width, input.height);
  if (input.fit == Fit::stretch) return {0, 0, width, height};
  const double scale = std::min(static_cast<double>(input.width) / width, static_cast<double>(input.height) / height);
  const int seen_width = static_cast<int>(std::lround(input.width / scale));
  const int seen_height = static_cast<int>(std::lround(input.height / scale));
  return {(width - seen_width) / 2, (height - seen_height) / 2, seen_width, seen_height};
}

}  // namespace lobule
