#include "confusion_panel.h"

#include <algorithm>
#include <cstdio>
#include <string>

#include "evaluate_panel.h"
#include "lobule/report.h"

namespace lobule {
namespace {

void draw_centred(ImDrawList* list, ImVec2 low, ImVec2 high, float y, ImU32 ink, const char* text) {
  const float width = ImGui::CalcTextSize(text).x;
  list->AddText({std::max(low.x, (low.x + high.x - width) / 2), y}, ink, text);
}

}  // namespace

std::optional<std::pair<int, int>> draw_confusion(const std::string& title, const LevelEvaluation& level, const Evaluation& evaluation, const Theme& theme,
                                                  ImVec2 size) {
  const int classes = level.confusion.classes();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float line = ImGui::GetTextLineHeight();
  list->AddText(origin, colour(theme.text), title.c_str());
  list->AddText({origin.x, origin.y + line + 4}, colour(theme.quiet), "rows: truth; columns: call");

  float names = 0;  // width of the row names
  for (const std::string& name : evaluation.class_names) names = std::max(names, ImGui::CalcTextSize(name.c_str()).x);
  const float left = origin.x + names + 12;
  const float top = origin.y + 3 * line + 16;
  const float width = std::max(40.0F, (size.x - names - 12) / static_cast<float>(classes));
  const float height = std::max(2 * line + 8, (size.y - 6 * line - 24) / static_cast<float>(classes));
  std::optional<std::pair<int, int>> clicked;
  for (int truth = 0; truth < classes; ++truth) {
    std::int64_t row_total = 0;
    for (int call = 0; call < classes; ++call) row_total += level.confusion.at(truth, call);
    const float row_top = top + height * static_cast<float>(truth);
    list->AddText({origin.x, row_top + (height - line) / 2}, colour(theme.quiet), evaluation.class_names[static_cast<std::size_t>(truth)].c_str());
    for (int call = 0; call < classes; ++call) {
      const ImVec2 low = {left + width * static_cast<float>(call), row_top};
      const ImVec2 high = {low.x + width - 2, low.y + height - 2};
      const std::int64_t count = level.confusion.at(truth, call);
      const double share = row_total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(row_total);
      list->AddRectFilled(low, high, colour(theme.panel), 4);
      list->AddRectFilled(low, high, colour(class_colour(theme, call, evaluation.positive_class), static_cast<float>(0.35 * share)), 4);
      if (truth == call) list->AddRect(low, high, colour(theme.quiet), 4);
      if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(low, high)) {
        list->AddRect(low, high, colour(theme.accent), 4, 2);
        if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) clicked = {truth, call};
      }
      char text[48];
      std::snprintf(text, sizeof text, "%lld", static_cast<long long>(count));
      draw_centred(list, low, high, low.y + height / 2 - line - 1, colour(theme.text), text);
      if (row_total == 0)
        std::snprintf(text, sizeof text, "none");
      else
        std::snprintf(text, sizeof text, "%.0f %%", share * 100);
      draw_centred(list, low, high, low.y + height / 2 + 1, colour(theme.quiet), text);
      if (truth == 0) {
        draw_centred(list, low, high, top - line - 4, colour(theme.quiet), evaluation.class_names[static_cast<std::size_t>(call)].c_str());
      }
    }
  }
  const std::string below = std::to_string(level.cases) + " labelled, " + no_result_text(level);
  const ImVec2 below_at = {origin.x, top + height * static_cast<float>(classes) + 4};
  list->AddText(nullptr, 0, below_at, colour(theme.quiet), below.c_str(), nullptr, size.x);  // wrapped
  ImGui::Dummy(size);
  return clicked;
}

}  // namespace lobule
