#include "evaluate_panel.h"

#include <implot.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "confusion_panel.h"
#include "evaluate_curves.h"

namespace lobule {
namespace {

/// The left button went up about where it went down.
bool is_click_released() {
  const ImGuiIO& io = ImGui::GetIO();
  return ImGui::IsMouseReleased(ImGuiMouseButton_Left) && io.MouseDragMaxDistanceSqr[ImGuiMouseButton_Left] < io.MouseDragThreshold * io.MouseDragThreshold;
}

EvaluateRequest draw_histogram(const Evaluation& evaluation, const ProbabilityHistogram& histogram, const Theme& theme, ImVec2 size) {
  EvaluateRequest request;
  const std::string& positive = evaluation.class_names[static_cast<std::size_t>(evaluation.positive_class)];
  ImGui::Text("Images by probability of %s: drag the threshold", positive.c_str());
  if (!ImPlot::BeginPlot("##histogram", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags)) return request;
  ImPlot::SetupAxes(("probability of " + positive).c_str(), "images", ImPlotAxisFlags_NoHighlight, ImPlotAxisFlags_AutoFit | ImPlotAxisFlags_NoHighlight);
  ImPlot::SetupAxisLimits(ImAxis_X1, 0, 1);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_X1, 0, 1);
  ImPlot::SetupLegend(ImPlotLocation_NorthEast);
  double xs_negative[ProbabilityHistogram::kBins];
  double xs_positive[ProbabilityHistogram::kBins];
  constexpr double kBin = 1.0 / ProbabilityHistogram::kBins;
  for (int i = 0; i < ProbabilityHistogram::kBins; ++i) {
    xs_negative[i] = (i + 0.28) * kBin;
    xs_positive[i] = (i + 0.72) * kBin;
  }
  ImPlotSpec bars;
  bars.FillColor = theme.benign;
  bars.LineColor = theme.benign;
  const std::string rest =
      evaluation.class_names.size() == 2 ? evaluation.class_names[static_cast<std::size_t>(1 - evaluation.positive_class)] : "not " + positive;
  ImPlot::PlotBars(("truly " + rest).c_str(), xs_negative, histogram.negative, ProbabilityHistogram::kBins, kBin * 0.42, bars);
  bars.FillColor = theme.malignant;
  bars.LineColor = theme.malignant;
  ImPlot::PlotBars(("truly " + positive).c_str(), xs_positive, histogram.positive, ProbabilityHistogram::kBins, kBin * 0.42, bars);
  double threshold = evaluation.threshold_high;
  bool held = false;
  if (ImPlot::DragLineX(1, &threshold, theme.accent, 2, ImPlotDragToolFlags_NoFit, nullptr, nullptr, &held)) {
    request.threshold = std::clamp(threshold, 0.0, 1.0);
  }
  request.dragging = held;
  if (evaluation.threshold_low != evaluation.threshold_high) {
    ImPlot::PlotInfLines("lower threshold", &evaluation.threshold_low, 1, line_spec(theme.accent, 1));
  }
  ImPlot::TagX(threshold, theme.accent, "%.2f", threshold);
  // A click on a bar, where it is no drag of the threshold.
  const double x = ImPlot::GetPlotMousePos().x;
  if (!held && ImPlot::IsPlotHovered() && x >= 0 && x < 1) {
    const double low = std::floor(x * ProbabilityHistogram::kBins) * kBin;
    if (is_click_released()) {
      request.show.emplace();
      request.show->p_low = low;
      request.show->p_high = low + kBin;
    } else {
      ImGui::SetTooltip("%.2f to %.2f: click to list these", low, low + kBin);
    }
  }
  ImPlot::EndPlot();
  return request;
}

}  // namespace

ImVec4 class_colour(const Theme& theme, int class_index, int positive_class) { return class_index == positive_class ? theme.malignant : theme.benign; }

ProbabilityHistogram probability_histogram(const PredictionTable& table) {
  ProbabilityHistogram histogram;
  const std::string& positive = table.class_names[static_cast<std::size_t>(table.positive_class)];
  for (const PredictionRow& row : table.rows) {
    if (row.label.empty()) continue;
    const int bin = std::clamp(static_cast<int>(row.prediction.p_positive * ProbabilityHistogram::kBins), 0, ProbabilityHistogram::kBins - 1);
    (row.label == positive ? histogram.positive : histogram.negative)[bin] += 1;
  }
  return histogram;
}

EvaluateRequest draw_evaluate_panel(const Evaluation& evaluation, const ProbabilityHistogram& histogram, const Theme& theme) {
  constexpr float kGap = 24;
  constexpr float kSmallestPlot = 232;  // three rows in a window of 900 pixels
  constexpr float kRows = 3;
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
  cell("roc", [&] { draw_roc(evaluation, theme, plot); });
  beside();
  cell("confusion", [&] {
    const bool patients = evaluation.patients.cases > 0;
    const ImVec2 half = {patients ? (plot.x - kGap) / 2 : plot.x, plot.y};
    if (const auto cell = draw_confusion("Images", evaluation.images, evaluation, theme, half)) {
      request.show.emplace();
      request.show->label = evaluation.class_names[static_cast<std::size_t>(cell->first)];
      request.show->predicted = evaluation.class_names[static_cast<std::size_t>(cell->second)];
    }
    if (!patients) return;
    ImGui::SameLine(0, kGap);
    draw_confusion("Patients", evaluation.patients, evaluation, theme, half);
  });
  cell("histogram", [&] {
    EvaluateRequest from_histogram = draw_histogram(evaluation, histogram, theme, plot);
    request.threshold = from_histogram.threshold;
    request.dragging = from_histogram.dragging;
    if (from_histogram.show) request.show = std::move(from_histogram.show);
  });
  beside();
  cell("reliability", [&] { draw_reliability(evaluation, theme, plot); });
  cell("pr", [&] { draw_pr(evaluation, theme, plot); });
  beside();
  cell("decision", [&] { draw_decision(evaluation, theme, plot); });
  ImGui::TextDisabled("%s", std::string(kResearchUseOnly).c_str());
  return request;
}

}  // namespace lobule
