#pragma once

#include <imgui.h>

#include <string>

namespace lobule {

/// The page's design tokens (web/ owns them) and what the canvas makes of them.
struct Theme {
  bool dark = false;
  bool reduced_motion = false;
  ImVec4 surface, panel, line, text, quiet, accent, benign, malignant, no_result;
};

/// {"dark":true,"reduced_motion":false,"surface":"#101317",...,"no_result":"#8b95a1"}. Throws std::runtime_error naming the token that is absent or not #rrggbb.
Theme parse_theme(const std::string& json);

/// Puts the tokens into the styles of ImGui and ImPlot.
void apply_theme(const Theme& theme);

ImU32 colour(const ImVec4& token, float alpha = 1);

}  // namespace lobule
