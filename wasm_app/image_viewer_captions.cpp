// The viewer's minimap, scale bar and captions.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "image_viewer.h"

namespace lobule {
namespace {

constexpr float kMinimapSide = 120;  // screen pixels, the longer one
constexpr float kEdge = 12;          // screen pixels to the viewport's edge

/// Text on a plate of the panel's colour, readable on any tissue. Returns its width.
float draw_plate(ImVec2 at, const char* text, const Theme& theme) {
  const ImVec2 extent = ImGui::CalcTextSize(text);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({at.x - 6, at.y - 3}, {at.x + extent.x + 6, at.y + extent.y + 3}, colour(theme.panel, 0.9F), 4);
  list->AddText(at, colour(theme.text), text);
  return extent.x;
}

}  // namespace

double micrometres_per_pixel(const Case& shown) {
  // Only whole BreaKHis frames have a known size; crops and rescaled copies do not.
  if (shown.width != 700 || shown.height != 460) return 0;
  switch (shown.facts.magnification) {
    case 40:
      return 0.49;
    case 100:
      return 0.20;
    case 200:
      return 0.10;
    case 400:
      return 0.05;
    default:
      return 0;
  }
}

void ImageViewer::draw_minimap(const Case& shown, const Theme& theme, ImVec2 origin, ImVec2 size) {
  const float scale = kMinimapSide / static_cast<float>(std::max(shown.width, shown.height));
  const ImVec2 extent = {static_cast<float>(shown.width) * scale, static_cast<float>(shown.height) * scale};
  const ImVec2 low = {origin.x + size.x - extent.x - kEdge, origin.y + kEdge};
  const ImVec2 high = {low.x + extent.x, low.y + extent.y};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(low, high, colour(theme.panel));
  int level = 0;
  while ((std::max(shown.width, shown.height) >> level) > TileCache::kTileSide) ++level;
  const Tile* whole = tiles_.peek({shown.id, level, 0, 0});
  if (whole != nullptr) list->AddImage(static_cast<ImTextureID>(whole->colour), low, high);
  const Point from = camera_.to_image({0, 0});
  const Point to = camera_.to_image({size.x, size.y});
  const auto place = [&](Point p) {
    return ImVec2{std::clamp(low.x + static_cast<float>(p.x) * scale, low.x, high.x), std::clamp(low.y + static_cast<float>(p.y) * scale, low.y, high.y)};
  };
  list->AddRect(place(from), place(to), colour(theme.accent), 0, 2.0F);
  list->AddRect(low, high, colour(theme.line));
}

void ImageViewer::draw_captions(const Case& shown, const ViewerContent& content, const Theme& theme, ImVec2 origin, ImVec2 size) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float line_height = ImGui::GetTextLineHeight();
  const float bottom = origin.y + size.y - line_height - kEdge;
  char text[96];
  std::snprintf(text, sizeof text, "%.0f %%", camera_.scale() * device_pixel_ratio_ * 100);
  const float zoom_width = draw_plate({origin.x + kEdge, bottom}, text, theme);

  if (const double micrometres = micrometres_per_pixel(shown); micrometres > 0) {
    const double wanted = micrometres / camera_.scale() * 120;  // a bar of about 120 screen pixels
    const double power = std::pow(10, std::floor(std::log10(wanted)));
    const double length = wanted / power >= 5 ? 5 * power : wanted / power >= 2 ? 2 * power : power;
    const auto pixels = static_cast<float>(length / micrometres * camera_.scale());
    std::snprintf(text, sizeof text, "%g \xC2\xB5m", length);
    const ImVec2 extent = ImGui::CalcTextSize(text);
    const float left = origin.x + kEdge + zoom_width + 24;
    const float width = std::max(pixels, extent.x);
    list->AddRectFilled({left - 6, bottom - 3}, {left + width + 6, bottom + line_height + 3}, colour(theme.panel, 0.9F), 4);
    list->AddText({left + (width - extent.x) / 2, bottom - 4}, colour(theme.text), text);
    list->AddRectFilled({left, bottom + line_height - 2}, {left + pixels, bottom + line_height}, colour(theme.text));
  }
  if (content.cam_on && !shown.cam.values.empty()) {
    std::snprintf(text, sizeof text, "%s, %d \xC3\x97 %d cells", content.cam_caption.c_str(), shown.cam.width, shown.cam.height);
    draw_plate({origin.x + kEdge, origin.y + kEdge}, text, theme);
  }
}

}  // namespace lobule
