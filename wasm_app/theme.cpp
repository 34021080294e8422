#include "theme.h"

#include <implot.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace lobule {
namespace {

ImVec4 parse_colour(const nlohmann::json& tokens, const char* name) {
  const std::string text = tokens.value(name, "");
  if (text.size() != 7 || text[0] != '#' || text.find_first_not_of("0123456789abcdefABCDEF", 1) != std::string::npos) {
    throw std::runtime_error(std::string("theme: ") + name + " is not a colour like #rrggbb");
  }
  const unsigned long rgb = std::strtoul(text.c_str() + 1, nullptr, 16);
  const auto channel = [rgb](int shift) { return static_cast<float>(rgb >> shift & 255U) / 255.0F; };
  return {channel(16), channel(8), channel(0), 1};
}

ImVec4 with_alpha(ImVec4 token, float alpha) {
  token.w = alpha;
  return token;
}

}  // namespace

Theme parse_theme(const std::string& json) {
  const auto tokens = nlohmann::json::parse(json, nullptr, false);
  if (!tokens.is_object()) throw std::runtime_error("theme: not a JSON object");
  Theme theme;
  theme.dark = tokens.value("dark", false);
  theme.reduced_motion = tokens.value("reduced_motion", false);
  theme.surface = parse_colour(tokens, "surface");
  theme.panel = parse_colour(tokens, "panel");
  theme.line = parse_colour(tokens, "line");
  theme.text = parse_colour(tokens, "text");
  theme.quiet = parse_colour(tokens, "quiet");
  theme.accent = parse_colour(tokens, "accent");
  theme.benign = parse_colour(tokens, "benign");
  theme.malignant = parse_colour(tokens, "malignant");
  theme.no_result = parse_colour(tokens, "no_result");
  return theme;
}

void apply_theme(const Theme& theme) {
  ImGuiStyle& style = ImGui::GetStyle();
  style.WindowRounding = 0;
  style.FrameRounding = 6;
  style.WindowBorderSize = 0;
  style.WindowPadding = {0, 0};
  style.ItemSpacing = {8, 8};
  ImVec4* colours = style.Colors;
  colours[ImGuiCol_Text] = theme.text;
  colours[ImGuiCol_TextDisabled] = theme.quiet;
  colours[ImGuiCol_WindowBg] = theme.surface;
  colours[ImGuiCol_ChildBg] = with_alpha(theme.surface, 0);
  colours[ImGuiCol_PopupBg] = theme.panel;
  colours[ImGuiCol_Border] = theme.line;
  colours[ImGuiCol_ScrollbarBg] = with_alpha(theme.surface, 0);
  colours[ImGuiCol_ScrollbarGrab] = theme.line;
  colours[ImGuiCol_ScrollbarGrabHovered] = theme.quiet;
  colours[ImGuiCol_ScrollbarGrabActive] = theme.accent;

  ImPlotStyle& plot = ImPlot::GetStyle();
  plot.PlotBorderSize = 1;
  plot.Colors[ImPlotCol_FrameBg] = with_alpha(theme.surface, 0);
  plot.Colors[ImPlotCol_PlotBg] = theme.surface;
  plot.Colors[ImPlotCol_PlotBorder] = theme.line;
  plot.Colors[ImPlotCol_LegendBg] = theme.panel;
  plot.Colors[ImPlotCol_LegendBorder] = theme.line;
  plot.Colors[ImPlotCol_LegendText] = theme.text;
  plot.Colors[ImPlotCol_TitleText] = theme.text;
  plot.Colors[ImPlotCol_InlayText] = theme.text;
  plot.Colors[ImPlotCol_AxisText] = theme.quiet;
  plot.Colors[ImPlotCol_AxisGrid] = theme.line;
  plot.Colors[ImPlotCol_AxisTick] = theme.line;
  plot.Colors[ImPlotCol_AxisBgHovered] = with_alpha(theme.accent, 0.12F);
  plot.Colors[ImPlotCol_AxisBgActive] = with_alpha(theme.accent, 0.2F);
}

ImU32 colour(const ImVec4& token, float alpha) { return ImGui::GetColorU32(with_alpha(token, alpha)); }

}  // namespace lobule
