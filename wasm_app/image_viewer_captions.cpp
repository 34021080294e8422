// The viewer's minimap, scale bar, legend and captions.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "image_viewer.h"
#include "viewer_text.h"

namespace lobule {
namespace {

constexpr float kMinimapSide = 120;  // screen pixels, the longer one
constexpr float kEdge = 12;          // screen pixels to the viewport's edge
constexpr float kLegendWidth = 160;  // screen pixels
constexpr float kLegendHeight = 8;

void draw_ground(ImVec2 low, ImVec2 high, const Theme& theme) {
  ImGui::GetWindowDrawList()->AddRectFilled({low.x - 6, low.y - 3}, {high.x + 6, high.y + 3}, colour(theme.panel, 0.9F), 4);
}

/// Text on a plate of the panel's colour, readable on any tissue; broken where it is wider than that. Returns its size.
ImVec2 draw_plate(ImVec2 at, const std::string& text, const Theme& theme, float widest) {
  const char* end = text.data() + text.size();
  const ImVec2 extent = ImGui::CalcTextSize(text.data(), end, false, widest);
  draw_ground(at, {at.x + extent.x, at.y + extent.y}, theme);
  ImGui::GetWindowDrawList()->AddText(ImGui::GetFont(), ImGui::GetFontSize(), at, colour(theme.text), text.data(), end, widest);
  return extent;
}

ImU32 opaque(const std::array<std::uint8_t, 3>& rgb) { return IM_COL32(rgb[0], rgb[1], rgb[2], 255); }

}  // namespace

void ImageViewer::draw_minimap(const Pane& pane, Channel channel, const Theme& theme) {
  const Case& shown = *pane.content->shown;
  const float scale = kMinimapSide / static_cast<float>(std::max(shown.width, shown.height));
  const ImVec2 extent = {static_cast<float>(shown.width) * scale, static_cast<float>(shown.height) * scale};
  const ImVec2 low = {pane.origin.x + pane.size.x - extent.x - kEdge, pane.origin.y + kEdge};
  const ImVec2 high = {low.x + extent.x, low.y + extent.y};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(low, high, colour(theme.panel));
  const Tile* whole = tiles_.peek({shown.id, coarsest_level(shown), 0, 0, channel});
  if (whole != nullptr) list->AddImage(static_cast<ImTextureID>(whole->colour), low, high);
  const Point from = pane.camera.to_image({0, 0});
  const Point to = pane.camera.to_image({pane.size.x, pane.size.y});
  const auto place = [&](Point p) {
    return ImVec2{std::clamp(low.x + static_cast<float>(p.x) * scale, low.x, high.x), std::clamp(low.y + static_cast<float>(p.y) * scale, low.y, high.y)};
  };
  list->AddRect(place(from), place(to), colour(theme.accent), 0, 2.0F);
  list->AddRect(low, high, colour(theme.line));
}

void ImageViewer::draw_captions(const Pane& pane, const ViewerContent& content, const Theme& theme) {
  const ShownCase& shown = *pane.content;
  const double scale = pane.camera.scale();
  const float line_height = ImGui::GetTextLineHeight();
  const float bottom = pane.origin.y + pane.size.y - line_height - kEdge;
  char text[96];
  std::snprintf(text, sizeof text, "%.0f %%", scale * device_pixel_ratio_ * 100);
  const float zoom_width = draw_plate({pane.origin.x + kEdge, bottom}, text, theme, pane.size.x).x;

  if (shown.pixel_size > 0) {
    const double wanted = shown.pixel_size / scale * 120;  // a bar of about 120 screen pixels
    const double power = std::pow(10, std::floor(std::log10(wanted)));
    const double length = wanted / power >= 5 ? 5 * power : wanted / power >= 2 ? 2 * power : power;
    const auto pixels = static_cast<float>(length / shown.pixel_size * scale);
    std::snprintf(text, sizeof text, "%g \xC2\xB5m", length);
    const ImVec2 extent = ImGui::CalcTextSize(text);
    const float left = pane.origin.x + kEdge + zoom_width + 24;
    const float width = std::max(pixels, extent.x);
    draw_ground({left, bottom}, {left + width, bottom + line_height}, theme);
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddText({left + (width - extent.x) / 2, bottom - 4}, colour(theme.text), text);
    list->AddRectFilled({left, bottom + line_height - 2}, {left + pixels, bottom + line_height}, colour(theme.text));
  }

  const bool has_minimap = !camera_.fits() && &pane == &panes_.back();
  const float widest = std::max(64.0F, pane.size.x - 2 * kEdge - (has_minimap ? kMinimapSide + kEdge : 0));
  ImVec2 at = {pane.origin.x + kEdge, pane.origin.y + kEdge};
  for (const std::string& line : {content.hint, content.pinned ? shown.call : "", shown.channel, shown.cam_text}) {
    if (!line.empty()) at.y += draw_plate(at, line, theme, widest).y + 10;
  }
  if (!shown.cam_text.empty()) draw_legend(at, pane, content, theme);
}

void ImageViewer::draw_legend(ImVec2 at, const Pane& pane, const ViewerContent& content, const Theme& theme) {
  constexpr int kSteps = 32;
  const float limit = cam_limit(*pane.content->cam, pane.content->cam_class, content.cam_sign);
  const bool is_signed = content.cam_sign == CamSign::for_and_against;
  const float least = is_signed ? -1.0F : 0.0F;
  const float line_height = ImGui::GetTextLineHeight();
  draw_ground(at, {at.x + kLegendWidth, at.y + kLegendHeight + line_height + 2}, theme);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto colour_at = [&](int step) { return opaque(cam_colour(content.cam_sign, least + (1 - least) * static_cast<float>(step) / kSteps)); };
  for (int step = 0; step < kSteps; ++step) {
    const float left = at.x + kLegendWidth * static_cast<float>(step) / kSteps;
    const ImU32 from = colour_at(step);
    const ImU32 to = colour_at(step + 1);
    list->AddRectFilledMultiColor({left, at.y}, {left + kLegendWidth / kSteps, at.y + kLegendHeight}, from, to, to, from);
  }
  list->AddRect(at, {at.x + kLegendWidth, at.y + kLegendHeight}, colour(theme.line));
  const float below = at.y + kLegendHeight + 2;
  const std::string most = cam_number(limit);
  list->AddText({at.x, below}, colour(theme.text), (is_signed ? "\u2212" + most : "0").c_str());
  if (is_signed) list->AddText({at.x + kLegendWidth / 2 - ImGui::CalcTextSize("0").x / 2, below}, colour(theme.text), "0");
  list->AddText({at.x + kLegendWidth - ImGui::CalcTextSize(most.c_str()).x, below}, colour(theme.text), most.c_str());
}

}  // namespace lobule
