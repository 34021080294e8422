#include "image_viewer.h"

#include <algorithm>
#include <cmath>

namespace lobule {
namespace {

constexpr double kWheelStep = 1.25;   // zoom factor a notch
constexpr double kPanShare = 0.15;    // of the viewport a key press
constexpr double kNearestFrom = 2.0;  // device pixels an image pixel: from here on pixels are shown as squares

/// Half of a level's sides, rounded up: what the worker's tiles have.
int at_level(int side, int level) { return (side + (1 << level) - 1) >> level; }

int coarsest_level(const Case& shown) {
  int level = 0;
  while (std::max(at_level(shown.width, level), at_level(shown.height, level)) > TileCache::kTileSide) ++level;
  return level;
}

ImVec2 shifted(ImVec2 origin, Point p) { return {origin.x + static_cast<float>(p.x), origin.y + static_cast<float>(p.y)}; }

}  // namespace

ViewerRequest ImageViewer::draw(const ViewerContent& content, const Theme& theme, bool ctrl_held) {
  ViewerRequest request;
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  size_ = ImGui::GetContentRegionAvail();
  device_pixel_ratio_ = ImGui::GetIO().DisplayFramebufferScale.x;
  camera_.set_viewport(size_.x, size_.y);
  ImGui::InvisibleButton("tissue", {std::max(1.0F, size_.x), std::max(1.0F, size_.y)});
  moving_ = false;
  if (content.shown == nullptr || content.shown->width == 0) {
    const char* hint = content.shown == nullptr                    ? "Select a case to see it here"
                       : !content.shown->has_image                 ? "This case came from a table: there is no image to show"
                       : content.shown->state == CaseState::failed ? "This file could not be read: see the result"
                                                                   : "Reading the image";
    const ImVec2 extent = ImGui::CalcTextSize(hint);
    ImGui::GetWindowDrawList()->AddText({origin.x + (size_.x - extent.x) / 2, origin.y + (size_.y - extent.y) / 2}, colour(theme.quiet), hint);
    return request;
  }
  const Case& shown = *content.shown;
  camera_.set_image(shown.width, shown.height);
  handle_mouse(ctrl_held, request);
  moving_ = camera_.animate(std::min(0.1F, ImGui::GetIO().DeltaTime), theme.reduced_motion);
  tiles_.set_nearest(camera_.scale() * device_pixel_ratio_ >= kNearestFrom);

  draw_tiles(shown, content, origin);
  if (content.cam_on) draw_cam(shown, content, origin);
  if (!camera_.fits()) draw_minimap(shown, theme, origin, size_);
  draw_captions(shown, content, theme, origin, size_);
  return request;
}

void ImageViewer::handle_mouse(bool ctrl_held, ViewerRequest& request) {
  const ImGuiIO& io = ImGui::GetIO();
  const ImVec2 corner = ImGui::GetItemRectMin();
  const Point at = {io.MousePos.x - corner.x, io.MousePos.y - corner.y};
  if (ImGui::IsItemHovered() && io.MouseWheel != 0) {
    if (ctrl_held)
      request.cam_opacity_step = io.MouseWheel > 0 ? 0.1 : -0.1;
    else
      camera_.zoom_at(std::pow(kWheelStep, std::clamp(static_cast<double>(io.MouseWheel), -3.0, 3.0)), at);
  }
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
    camera_.fit();
  } else if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
    camera_.pan(io.MouseDelta.x, io.MouseDelta.y);
  }
}

void ImageViewer::command(const std::string& name) {
  const Point middle = {size_.x / 2, size_.y / 2};
  if (name == "fit")
    camera_.fit();
  else if (name == "full_size")
    camera_.full_size(device_pixel_ratio_);
  else if (name == "zoom_in")
    camera_.zoom_at(kWheelStep, middle);
  else if (name == "zoom_out")
    camera_.zoom_at(1 / kWheelStep, middle);
  else if (name == "pan_left")
    camera_.pan(kPanShare * size_.x, 0);
  else if (name == "pan_right")
    camera_.pan(-kPanShare * size_.x, 0);
  else if (name == "pan_up")
    camera_.pan(0, kPanShare * size_.y);
  else if (name == "pan_down")
    camera_.pan(0, -kPanShare * size_.y);
}

void ImageViewer::pinch(double factor, Point centre, Point moved) {
  camera_.zoom_at(factor, centre);
  camera_.pan(moved.x, moved.y);
}

void ImageViewer::draw_tiles(const Case& shown, const ViewerContent& content, ImVec2 origin) {
  const double device_scale = camera_.scale() * device_pixel_ratio_;
  const int coarsest = coarsest_level(shown);
  const int wanted = std::clamp(static_cast<int>(std::floor(std::log2(1 / device_scale))), 0, coarsest);
  // From half opacity on the tissue loses its colour, so that the map's colours are not mixed with pink.
  const float grey = content.cam_on ? static_cast<float>(std::clamp((content.cam_opacity - 0.5) / 0.3, 0.0, 1.0)) : 0;
  for (int level = coarsest; level >= wanted; --level) {
    draw_level(shown, level, level == coarsest || level == wanted, grey, origin);
  }
}

void ImageViewer::draw_level(const Case& shown, int level, bool ask, float grey, ImVec2 origin) {
  const Point from = camera_.to_image({0, 0});
  const Point to = camera_.to_image({size_.x, size_.y});
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
      const TileKey key = {shown.id, level, x, y};
      const Tile* tile = ask ? tiles_.find(key) : tiles_.peek(key);
      if (tile == nullptr) continue;
      const Point corner = {x * tile_side, y * tile_side};
      const Point end = {std::min<double>(shown.width, corner.x + tile_side), std::min<double>(shown.height, corner.y + tile_side)};
      const ImVec2 low = shifted(origin, camera_.to_screen(corner));
      const ImVec2 high = shifted(origin, camera_.to_screen(end));
      if (grey < 1) list->AddImage(static_cast<ImTextureID>(tile->colour), low, high);
      if (grey > 0) {
        list->AddImage(static_cast<ImTextureID>(tile->grey), low, high, {0, 0}, {1, 1}, IM_COL32(255, 255, 255, static_cast<int>(255 * grey)));
      }
    }
  }
}

void ImageViewer::draw_cam(const Case& shown, const ViewerContent& content, ImVec2 origin) {
  if (content.input == nullptr) return;
  const GLuint texture = cam_.texture(shown, content.cam_class);
  if (texture == 0) return;
  const PixelBox box = seen_box(shown.width, shown.height, *content.input);
  const ImVec2 low = shifted(origin, camera_.to_screen({static_cast<double>(box.left), static_cast<double>(box.top)}));
  const ImVec2 high = shifted(origin, camera_.to_screen({static_cast<double>(box.left + box.width), static_cast<double>(box.top + box.height)}));
  const ImVec2 image_low = shifted(origin, camera_.to_screen({0, 0}));
  const ImVec2 image_high = shifted(origin, camera_.to_screen({static_cast<double>(shown.width), static_cast<double>(shown.height)}));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(image_low, image_high, true);
  list->AddImage(static_cast<ImTextureID>(texture), low, high, {0, 0}, {1, 1},
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
