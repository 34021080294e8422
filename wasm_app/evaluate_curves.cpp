#include "evaluate_curves.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace lobule {
namespace {

ImPlotSpec marker_spec(ImPlotMarker marker, const ImVec4& ink, float size) {
  ImPlotSpec spec;
  spec.Marker = marker;
  spec.MarkerSize = size;
  spec.MarkerFillColor = ink;
  spec.MarkerLineColor = ink;
  return spec;
}

ImPlotSpec unnamed(ImPlotSpec spec) {
  spec.Flags |= ImPlotItemFlags_NoLegend;
  return spec;
}

ImPlotSpec horizontal(ImPlotSpec spec) {
  spec.Flags |= ImPlotInfLinesFlags_Horizontal;
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

/// Each stretch of places that have an interval.
void draw_band(const CurveBand& band, const Theme& theme) {
  ImPlotSpec spec;
  spec.FillColor = theme.accent;
  spec.FillAlpha = 0.3F;
  spec.LineColor = {0, 0, 0, 0};
  std::vector<double> at;
  std::vector<double> low;
  std::vector<double> high;
  const auto close = [&] {
    if (at.size() > 1) ImPlot::PlotShaded("95 % interval", at.data(), low.data(), high.data(), static_cast<int>(at.size()), spec);
    at.clear();
    low.clear();
    high.clear();
  };
  for (std::size_t i = 0; i < band.at.size(); ++i) {
    if (!band.intervals[i]) {
      close();
      continue;
    }
    at.push_back(band.at[i]);
    low.push_back(band.intervals[i]->low);
    high.push_back(band.intervals[i]->high);
  }
  close();
}

void draw_roc_points(const char* name, const std::vector<RocPoint>& curve, const ImPlotSpec& spec) {
  std::vector<double> xs;
  std::vector<double> ys;
  for (const RocPoint& point : curve) {
    xs.push_back(point.false_positive_rate);
    ys.push_back(point.true_positive_rate);
  }
  ImPlot::PlotLine(name, xs.data(), ys.data(), static_cast<int>(xs.size()), spec);
}

void unit_axes(const char* x, const char* y) {
  ImPlot::SetupAxes(x, y, ImPlotAxisFlags_NoHighlight, ImPlotAxisFlags_NoHighlight);
  ImPlot::SetupAxesLimits(-0.02, 1.02, -0.02, 1.02);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_X1, -0.02, 1.02);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_Y1, -0.02, 1.02);
}

}  // namespace

ImPlotSpec line_spec(const ImVec4& ink, float weight) {
  ImPlotSpec spec;
  spec.LineColor = ink;
  spec.LineWeight = weight;
  return spec;
}

void draw_roc(const Evaluation& evaluation, const EvaluatePanelContent& content, const Theme& theme, ImVec2 size) {
  const LevelEvaluation& images = evaluation.images;
  const std::string title = images.roc.empty() ? "ROC: needs images of both classes" : "ROC, images: " + figure_text("AUC", images.auc);
  ImGui::TextUnformatted(title.c_str());
  const bool has_baseline = !content.baseline_roc.empty();
  const ImPlotFlags flags = has_baseline ? kPlotFlags : kPlotFlags | ImPlotFlags_NoLegend;
  if (!ImPlot::BeginPlot("##roc", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, flags)) return;
  ImPlot::SetupLegend(ImPlotLocation_SouthEast);
  unit_axes("false positive rate (1 - specificity)", "true positive rate (recall)");
  const double diagonal[] = {0, 1};
  ImPlot::PlotLine("chance", diagonal, diagonal, 2, unnamed(line_spec(theme.line, 1)));
  draw_band(images.roc_band, theme);
  if (has_baseline) draw_roc_points(content.baseline.c_str(), content.baseline_roc, line_spec(theme.quiet, 1));
  draw_roc_points("this model", images.roc, line_spec(theme.accent, 2));
  const Figure sensitivity = recall(images.counts);
  const Figure negatives = specificity(images.counts);
  if (sensitivity && negatives) {  // where the thresholds stand now
    const double x = 1 - *negatives;
    ImPlot::PlotScatter("operating point", &x, &*sensitivity, 1, unnamed(marker_spec(ImPlotMarker_Diamond, theme.malignant, 6)));
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

void draw_pr(const Evaluation& evaluation, const Theme& theme, ImVec2 size) {
  const LevelEvaluation& images = evaluation.images;
  ImGui::TextUnformatted(("Precision and recall: " + figure_text("AP", images.average_precision)).c_str());
  if (!ImPlot::BeginPlot("##pr", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags | ImPlotFlags_NoLegend)) return;
  unit_axes("recall", "precision");
  if (images.scored > 0) {
    const double share = static_cast<double>(images.positives) / static_cast<double>(images.cases);
    ImPlot::PlotInfLines("chance", &share, 1, horizontal(line_spec(theme.line, 1)));
  }
  std::vector<double> xs;
  std::vector<double> ys;
  for (const PrPoint& point : images.pr) {
    xs.push_back(point.recall);
    ys.push_back(point.precision);
  }
  draw_band(images.pr_band, theme);
  ImPlot::PlotLine("precision", xs.data(), ys.data(), static_cast<int>(xs.size()), line_spec(theme.accent, 2));
  if (images.recall.value && images.precision.value) {
    ImPlot::PlotScatter("operating point", &*images.recall.value, &*images.precision.value, 1, marker_spec(ImPlotMarker_Diamond, theme.malignant, 6));
  }
  ImPlot::EndPlot();
}

void draw_reliability(const Evaluation& evaluation, const Theme& theme, ImVec2 size) {
  ImGui::TextUnformatted(("Reliability, images: " + figure_text("ECE", evaluation.images.ece)).c_str());
  if (!ImPlot::BeginPlot("##reliability", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags | ImPlotFlags_NoLegend)) return;
  unit_axes("mean probability", "share that is truly positive");
  const double diagonal[] = {0, 1};
  ImPlot::PlotLine("calibrated", diagonal, diagonal, 2, line_spec(theme.line, 1));
  std::vector<double> xs;
  std::vector<double> ys;
  const CurveBand& band = evaluation.images.reliability_band;
  for (std::size_t i = 0; i < evaluation.images.reliability.size(); ++i) {
    const ReliabilityBin& bin = evaluation.images.reliability[i];
    if (bin.count == 0) continue;
    xs.push_back(bin.mean_probability);
    ys.push_back(bin.positive_rate);
    if (i >= band.intervals.size() || !band.intervals[i]) continue;
    const double x[] = {bin.mean_probability, bin.mean_probability};
    const double y[] = {band.intervals[i]->low, band.intervals[i]->high};
    ImPlot::PlotLine("95 % interval", x, y, 2, line_spec(theme.accent, 1));
  }
  ImPlot::PlotLine("bins", xs.data(), ys.data(), static_cast<int>(xs.size()), line_spec(theme.accent, 2));
  ImPlot::PlotScatter("bins", xs.data(), ys.data(), static_cast<int>(xs.size()), marker_spec(ImPlotMarker_Circle, theme.accent, 4));
  ImPlot::EndPlot();
}

void draw_decision(const Evaluation& evaluation, const Theme& theme, ImVec2 size) {
  const std::vector<DecisionPoint>& curve = evaluation.images.decision;
  ImGui::TextUnformatted("Decision curve, images: net benefit of calling by a threshold");
  if (!ImPlot::BeginPlot("##decision", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags)) return;
  double best = 0.01;
  std::vector<double> xs;
  std::vector<double> ys;
  std::vector<double> all;
  for (const DecisionPoint& point : curve) {
    xs.push_back(point.threshold);
    ys.push_back(point.net_benefit);
    all.push_back(point.call_all);
    best = std::max({best, point.net_benefit, point.call_all});
  }
  ImPlot::SetupAxes("threshold", "net benefit", ImPlotAxisFlags_NoHighlight, ImPlotAxisFlags_NoHighlight);
  ImPlot::SetupAxesLimits(0, 1, -0.2 * best, 1.1 * best);  // calling all falls without end: what matters is above zero
  ImPlot::SetupLegend(ImPlotLocation_NorthEast);
  const int count = static_cast<int>(xs.size());
  const double none = 0;
  ImPlot::PlotInfLines("call none", &none, 1, horizontal(line_spec(theme.line, 1)));
  ImPlot::PlotLine("call all", xs.data(), all.data(), count, line_spec(theme.quiet, 1));
  draw_band(evaluation.images.decision_band, theme);
  ImPlot::PlotLine("the model", xs.data(), ys.data(), count, line_spec(theme.accent, 2));
  ImPlot::PlotInfLines("threshold", &evaluation.threshold_high, 1, line_spec(theme.malignant, 1));
  ImPlot::EndPlot();
}

}  // namespace lobule
