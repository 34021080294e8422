#include "evaluate_panel.h"

#include <implot.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "confusion_panel.h"

namespace lobule {
namespace {

constexpr ImPlotFlags kPlotFlags = ImPlotFlags_NoMenus | ImPlotFlags_NoBoxSelect | ImPlotFlags_NoMouseText;

ImPlotSpec line_spec(const ImVec4& ink, float weight) {
  ImPlotSpec spec;
  spec.LineColor = ink;
  spec.LineWeight = weight;
  return spec;
}

ImPlotSpec marker_spec(ImPlotMarker marker, const ImVec4& ink, float size) {
  ImPlotSpec spec;
  spec.Marker = marker;
  spec.MarkerSize = size;
  spec.MarkerFillColor = ink;
  spec.MarkerLineColor = ink;
  return spec;
}

std::string figure_text(const char* name, const EstimatedFigure& figure) {
  if (!figure.value) return std::string(name) + " undefined";
  char text[96];
  if (figure.interval) {
    std::snprintf(text, sizeof text, "%s %.3f (95 %% interval %.3f to %.3f)", name, *figure.value, figure.interval->low, figure.interval->high);
  } else {
    std::snprintf(text, sizeof text, "%s %.3f", name, *figure.value);
  }
  return text;
}

void unit_axes(const char* x, const char* y) {
  ImPlot::SetupAxes(x, y, ImPlotAxisFlags_NoHighlight, ImPlotAxisFlags_NoHighlight);
  ImPlot::SetupAxesLimits(-0.02, 1.02, -0.02, 1.02);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_X1, -0.02, 1.02);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_Y1, -0.02, 1.02);
}

void draw_roc(const Evaluation& evaluation, const Theme& theme, ImVec2 size) {
  const LevelEvaluation& images = evaluation.images;
  const std::string title = images.roc.empty() ? "ROC: needs images of both classes" : "ROC, images: " + figure_text("AUC", images.auc);
  ImGui::TextUnformatted(title.c_str());
  if (!ImPlot::BeginPlot("##roc", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags | ImPlotFlags_NoLegend)) return;
  unit_axes("false positive rate (1 - specificity)", "true positive rate (recall)");
  const double diagonal[] = {0, 1};
  ImPlot::PlotLine("chance", diagonal, diagonal, 2, line_spec(theme.line, 1));
  std::vector<double> xs;
  std::vector<double> ys;
  for (const RocPoint& point : images.roc) {
    xs.push_back(point.false_positive_rate);
    ys.push_back(point.true_positive_rate);
  }
  ImPlot::PlotLine("ROC", xs.data(), ys.data(), static_cast<int>(xs.size()), line_spec(theme.accent, 2));
  const Figure sensitivity = recall(images.counts);
  const Figure negatives = specificity(images.counts);
  if (sensitivity && negatives) {  // where the thresholds stand now
    const double x = 1 - *negatives;
    ImPlot::PlotScatter("operating point", &x, &*sensitivity, 1, marker_spec(ImPlotMarker_Diamond, theme.malignant, 6));
  }
  if (ImPlot::IsPlotHovered() && !images.roc.empty()) {
    const ImPlotPoint mouse = ImPlot::GetPlotMousePos();
    const auto nearest = std::min_element(images.roc.begin(), images.roc.end(), [&](const RocPoint& a, const RocPoint& b) {
      return std::hypot(a.false_positive_rate - mouse.x, a.true_positive_rate - mouse.y) <
             std::hypot(b.false_positive_rate - mouse.x, b.true_positive_rate - mouse.y);
    });
    ImGui::SetTooltip("threshold %.3f\nrecall %.3f\nfalse positive rate %.3f", nearest->threshold, nearest->true_positive_rate, nearest->false_positive_rate);
  }
  ImPlot::EndPlot();
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
  ImPlot::EndPlot();
  return request;
}

void draw_reliability(const Evaluation& evaluation, const Theme& theme, ImVec2 size) {
  ImGui::TextUnformatted(("Reliability, images: " + figure_text("ECE", evaluation.images.ece)).c_str());
  if (!ImPlot::BeginPlot("##reliability", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags | ImPlotFlags_NoLegend)) return;
  unit_axes("mean probability", "share that is truly positive");
  const double diagonal[] = {0, 1};
  ImPlot::PlotLine("calibrated", diagonal, diagonal, 2, line_spec(theme.line, 1));
  std::vector<double> xs;
  std::vector<double> ys;
  for (const ReliabilityBin& bin : evaluation.images.reliability) {
    if (bin.count == 0) continue;
    xs.push_back(bin.mean_probability);
    ys.push_back(bin.positive_rate);
  }
  ImPlot::PlotLine("bins", xs.data(), ys.data(), static_cast<int>(xs.size()), line_spec(theme.accent, 2));
  ImPlot::PlotScatter("bins", xs.data(), ys.data(), static_cast<int>(xs.size()), marker_spec(ImPlotMarker_Circle, theme.accent, 4));
  ImPlot::EndPlot();
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
  constexpr float kSmallestPlot = 260;
  const ImVec2 all = ImGui::GetContentRegionAvail();
  const bool wide = all.x >= 2 * kSmallestPlot + kGap;
  const float width = wide ? (all.x - kGap) / 2 : all.x;
  const float height = std::clamp((all.y - kGap - ImGui::GetTextLineHeightWithSpacing()) / 2, kSmallestPlot, 420.0F);
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
    draw_confusion("Images", evaluation.images, evaluation, theme, half);
    if (!patients) return;
    ImGui::SameLine(0, kGap);
    draw_confusion("Patients", evaluation.patients, evaluation, theme, half);
  });
  cell("histogram", [&] { request = draw_histogram(evaluation, histogram, theme, plot); });
  beside();
  cell("reliability", [&] { draw_reliability(evaluation, theme, plot); });
  ImGui::TextDisabled("%s", std::string(kResearchUseOnly).c_str());
  return request;
}

}  // namespace lobule
