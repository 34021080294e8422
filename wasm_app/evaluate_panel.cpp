#include "evaluate_panel.h"

#include <implot.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <string>

#include "confusion_panel.h"
#include "evaluate_curves.h"

namespace lobule {
namespace {

void draw_bars(const char* name, const std::vector<ReliabilityBin>& bins, bool positive, const ImVec4& ink) {
  std::vector<double> middles;
  std::vector<double> counts;
  for (const ReliabilityBin& bin : bins) {
    const double width = bin.high - bin.low;
    middles.push_back(bin.low + (positive ? 0.72 : 0.28) * width);
    counts.push_back(static_cast<double>(positive ? positives_of(bin) : bin.count - positives_of(bin)));
  }
  ImPlotSpec bars;
  bars.FillColor = ink;
  bars.LineColor = ink;
  ImPlot::PlotBars(name, middles.data(), counts.data(), static_cast<int>(bins.size()), 0.42 / static_cast<double>(bins.size()), bars);
}

/// A click on a bar, where it is no drag of the threshold, lists its cases.
std::optional<CaseFilter> bar_clicked(const std::vector<ReliabilityBin>& bins) {
  const double x = ImPlot::GetPlotMousePos().x;
  for (const ReliabilityBin& bin : bins) {
    if (x < bin.low || x >= bin.high) continue;
    char text[64];
    std::snprintf(text, sizeof text, "%.2f to %.2f: %lld images", bin.low, bin.high, static_cast<long long>(bin.count));
    return tip_or_list(text, bin.low, bin.high, false);
  }
  return std::nullopt;
}

EvaluateRequest draw_histogram(const Evaluation& evaluation, bool is_fixed, const Theme& theme, ImVec2 size) {
  EvaluateRequest request;
  const std::string& positive = evaluation.class_names[static_cast<std::size_t>(evaluation.positive_class)];
  ImGui::Text(is_fixed ? "Images by probability of %s" : "Images by probability of %s: drag the threshold", positive.c_str());
  if (!ImPlot::BeginPlot("##histogram", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags)) return request;
  ImPlot::SetupAxes(("probability of " + positive).c_str(), "images", ImPlotAxisFlags_NoHighlight, ImPlotAxisFlags_AutoFit | ImPlotAxisFlags_NoHighlight);
  ImPlot::SetupAxisLimits(ImAxis_X1, 0, 1);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_X1, 0, 1);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_Y1, 0, std::numeric_limits<double>::infinity());
  ImPlot::SetupLegend(ImPlotLocation_NorthEast);
  const std::string rest =
      evaluation.class_names.size() == 2 ? evaluation.class_names[static_cast<std::size_t>(1 - evaluation.positive_class)] : "not " + positive;
  const std::vector<ReliabilityBin>& bins = evaluation.images.reliability;
  draw_bars(("truly " + rest).c_str(), bins, false, theme.benign);
  draw_bars(("truly " + positive).c_str(), bins, true, theme.malignant);
  double threshold = evaluation.threshold_high;
  if (is_fixed) {
    ImPlot::PlotInfLines("threshold", &threshold, 1, line_spec(theme.accent, 2));
  } else if (ImPlot::DragLineX(1, &threshold, theme.accent, 2, ImPlotDragToolFlags_NoFit, nullptr, nullptr, &request.dragging)) {
    request.threshold = std::clamp(threshold, 0.0, 1.0);
  }
  if (evaluation.threshold_low != evaluation.threshold_high) {
    ImPlot::PlotInfLines("lower threshold", &evaluation.threshold_low, 1, line_spec(theme.accent, 1));
  }
  ImPlot::TagX(threshold, theme.accent, "%.2f", threshold);
  if (!is_fixed && !request.dragging && ImPlot::IsPlotHovered()) request.show = bar_clicked(bins);
  ImPlot::EndPlot();
  return request;
}

}  // namespace

ImVec4 class_colour(const Theme& theme, int class_index, int positive_class) { return class_index == positive_class ? theme.malignant : theme.benign; }

EvaluateRequest draw_evaluate_panel(const Evaluation& evaluation, const EvaluatePanelContent& content, const Theme& theme) {
  constexpr float kGap = 24;
  constexpr float kSmallestPlot = 232;  // three rows in a window of 900 pixels
  constexpr float kRows = 3;
  constexpr float kTwoMatrices = 460;  // beside each other
  const ImVec2 all = ImGui::GetContentRegionAvail();
  const bool wide = all.x >= 2 * kSmallestPlot + kGap;
  const float width = wide ? (all.x - kGap) / 2 : all.x;
  const float spacing = ImGui::GetStyle().ItemSpacing.y;
  const float height = std::clamp((all.y - ImGui::GetTextLineHeightWithSpacing()) / kRows - spacing, kSmallestPlot, 420.0F);
  const ImVec2 plot = {width, height};
  EvaluateRequest request;
  const auto cell = [&](const char* id, auto&& draw) {
    ImGui::BeginChild(id, plot, ImGuiChildFlags_None, ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
    draw();
    ImGui::EndChild();
  };
  const auto beside = [&] {
    if (wide) ImGui::SameLine(0, kGap);
  };
  const auto list = [&](std::optional<CaseFilter> asked) {
    if (asked) request.show = std::move(asked);
  };
  cell("roc", [&] { list(draw_roc(evaluation, content, theme, plot)); });
  beside();
  const bool patients = evaluation.patients.cases > 0;
  const bool below = patients && !wide && plot.x < kTwoMatrices;  // class names need room
  const ImVec2 matrix = {patients && !below ? (plot.x - kGap) / 2 : plot.x, plot.y};
  cell("confusion", [&] {
    if (const auto cell = draw_confusion("Images", evaluation.images, evaluation, theme, matrix); cell && !content.is_fixed) {
      request.show.emplace();
      request.show->label = evaluation.class_names[static_cast<std::size_t>(cell->first)];
      request.show->predicted = evaluation.class_names[static_cast<std::size_t>(cell->second)];
    }
    if (!patients || below) return;
    ImGui::SameLine(0, kGap);
    draw_confusion("Patients", evaluation.patients, evaluation, theme, matrix);
  });
  if (below) cell("confusion of patients", [&] { draw_confusion("Patients", evaluation.patients, evaluation, theme, matrix); });
  cell("histogram", [&] {
    EvaluateRequest from_histogram = draw_histogram(evaluation, content.is_fixed, theme, plot);
    request.threshold = from_histogram.threshold;
    request.dragging = from_histogram.dragging;
    list(std::move(from_histogram.show));
  });
  beside();
  cell("reliability", [&] { list(draw_reliability(evaluation, content.is_fixed, theme, plot)); });
  cell("pr", [&] { list(draw_pr(evaluation, content.is_fixed, theme, plot)); });
  beside();
  cell("decision", [&] { list(draw_decision(evaluation, content.is_fixed, theme, plot)); });
  ImGui::TextDisabled("%s", std::string(kResearchUseOnly).c_str());
  return request;
}

}  // namespace lobule
