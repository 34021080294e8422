#include "evaluate_curves.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
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

/// The left button went up about where it went down.
bool is_click_released() {
  const ImGuiIO& io = ImGui::GetIO();
  return ImGui::IsMouseReleased(ImGuiMouseButton_Left) && io.MouseDragMaxDistanceSqr[ImGuiMouseButton_Left] < io.MouseDragThreshold * io.MouseDragThreshold;
}

/// The point nearest to the pointer; null: none is near.
template <typename Point, typename Place>
const Point* pointed_at(const std::vector<Point>& points, Place place) {
  constexpr float kReach = 24;  // CSS pixels
  const Point* nearest = nullptr;
  float least = kReach;
  if (!ImPlot::IsPlotHovered()) return nullptr;
  const ImVec2 mouse = ImGui::GetMousePos();
  for (const Point& point : points) {
    const auto [x, y] = place(point);
    const ImVec2 at = ImPlot::PlotToPixels(x, y);
    const float distance = std::hypot(at.x - mouse.x, at.y - mouse.y);
    if (distance >= least) continue;
    least = distance;
    nearest = &point;
  }
  return nearest;
}

/// A curve's point at a threshold: what it reads, and the images that are called positive there.
std::optional<CaseFilter> tip_at(double threshold, const char* name_a, double a, const char* name_b, double b, bool is_fixed) {
  const bool calls_any = threshold <= 1;  // a curve's first point is above all probabilities
  char text[160];
  std::snprintf(text, sizeof text, "threshold %.3f\n%s %.3f\n%s %.3f", calls_any ? threshold : 1, name_a, a, name_b, b);
  return tip_or_list(text, threshold, 1, is_fixed || !calls_any);
}

void unit_axes(const char* x, const char* y) {
  ImPlot::SetupAxes(x, y, ImPlotAxisFlags_NoHighlight, ImPlotAxisFlags_NoHighlight);
  ImPlot::SetupAxesLimits(-0.02, 1.02, -0.02, 1.02);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_X1, -0.02, 1.02);
  ImPlot::SetupAxisLimitsConstraints(ImAxis_Y1, -0.02, 1.02);
}

}  // namespace

std::optional<CaseFilter> tip_or_list(const std::string& tip, double p_low, double p_high, bool is_fixed) {
  if (is_fixed || !is_click_released()) {
    ImGui::SetTooltip("%s%s", tip.c_str(), is_fixed ? "" : "\nClick to list them");
    return std::nullopt;
  }
  CaseFilter filter;
  filter.p_low = p_low;
  filter.p_high = p_high;
  return filter;
}

ImPlotSpec line_spec(const ImVec4& ink, float weight) {
  ImPlotSpec spec;
  spec.LineColor = ink;
  spec.LineWeight = weight;
  return spec;
}

std::optional<CaseFilter> draw_roc(const Evaluation& evaluation, const EvaluatePanelContent& content, const Theme& theme, ImVec2 size) {
  std::optional<CaseFilter> listed;
  const LevelEvaluation& images = evaluation.images;
  const std::string title = images.roc.empty() ? "ROC: needs images of both classes" : "ROC, images: " + figure_text("AUC", images.auc);
  ImGui::TextUnformatted(title.c_str());
  const bool has_baseline = !content.baseline_roc.empty();
  const ImPlotFlags flags = has_baseline ? kPlotFlags : kPlotFlags | ImPlotFlags_NoLegend;
  if (!ImPlot::BeginPlot("##roc", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, flags)) return listed;
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
  const auto place = [](const RocPoint& point) { return std::pair(point.false_positive_rate, point.true_positive_rate); };
  if (const RocPoint* at = pointed_at(images.roc, place)) {
    listed = tip_at(at->threshold, "recall", at->true_positive_rate, "false positive rate", at->false_positive_rate, content.is_fixed);
  }
  ImPlot::EndPlot();
  return listed;
}

std::optional<CaseFilter> draw_pr(const Evaluation& evaluation, bool is_fixed, const Theme& theme, ImVec2 size) {
  std::optional<CaseFilter> listed;
  const LevelEvaluation& images = evaluation.images;
  ImGui::TextUnformatted(("Precision and recall: " + figure_text("AP", images.average_precision)).c_str());
  if (!ImPlot::BeginPlot("##pr", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags | ImPlotFlags_NoLegend)) return listed;
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
  const auto place = [](const PrPoint& point) { return std::pair(point.recall, point.precision); };
  if (const PrPoint* at = pointed_at(images.pr, place)) listed = tip_at(at->threshold, "precision", at->precision, "recall", at->recall, is_fixed);
  ImPlot::EndPlot();
  return listed;
}

std::optional<CaseFilter> draw_reliability(const Evaluation& evaluation, bool is_fixed, const Theme& theme, ImVec2 size) {
  std::optional<CaseFilter> listed;
  ImGui::TextUnformatted(("Reliability, images: " + figure_text("ECE", evaluation.images.ece)).c_str());
  if (!ImPlot::BeginPlot("##reliability", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags | ImPlotFlags_NoLegend)) return listed;
  unit_axes("mean probability", "share that is truly positive");
  const double diagonal[] = {0, 1};
  ImPlot::PlotLine("calibrated", diagonal, diagonal, 2, line_spec(theme.line, 1));
  std::vector<double> xs;
  std::vector<double> ys;
  std::vector<ReliabilityBin> shown;
  const CurveBand& band = evaluation.images.reliability_band;
  for (std::size_t i = 0; i < evaluation.images.reliability.size(); ++i) {
    const ReliabilityBin& bin = evaluation.images.reliability[i];
    if (bin.count == 0) continue;
    shown.push_back(bin);
    xs.push_back(bin.mean_probability);
    ys.push_back(bin.positive_rate);
    if (i >= band.intervals.size() || !band.intervals[i]) continue;
    const double x[] = {bin.mean_probability, bin.mean_probability};
    const double y[] = {band.intervals[i]->low, band.intervals[i]->high};
    ImPlot::PlotLine("95 % interval", x, y, 2, line_spec(theme.accent, 1));
  }
  ImPlot::PlotLine("bins", xs.data(), ys.data(), static_cast<int>(xs.size()), line_spec(theme.accent, 2));
  ImPlot::PlotScatter("bins", xs.data(), ys.data(), static_cast<int>(xs.size()), marker_spec(ImPlotMarker_Circle, theme.accent, 4));
  if (const ReliabilityBin* at = pointed_at(shown, [](const ReliabilityBin& bin) { return std::pair(bin.mean_probability, bin.positive_rate); })) {
    char text[160];
    std::snprintf(text, sizeof text, "%lld images of %.2f to %.2f\nmean probability %.3f\ntruly positive %.3f", static_cast<long long>(at->count), at->low,
                  at->high, at->mean_probability, at->positive_rate);
    listed = tip_or_list(text, at->low, at->high, is_fixed);
  }
  ImPlot::EndPlot();
  return listed;
}

std::optional<CaseFilter> draw_decision(const Evaluation& evaluation, bool is_fixed, const Theme& theme, ImVec2 size) {
  std::optional<CaseFilter> listed;
  const std::vector<DecisionPoint>& curve = evaluation.images.decision;
  ImGui::TextUnformatted("Decision curve, images: net benefit of calling by a threshold");
  if (!ImPlot::BeginPlot("##decision", {size.x, size.y - ImGui::GetTextLineHeightWithSpacing()}, kPlotFlags)) return listed;
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
  // Calling all falls without end: what matters is above zero. Other predictions have another best, so the axes follow them; else they stay where a wheel
  // or a drag left them.
  float& shown_best = *ImGui::GetStateStorage()->GetFloatRef(ImGui::GetID("decision_best"));
  const bool is_other = shown_best != static_cast<float>(best);
  shown_best = static_cast<float>(best);
  ImPlot::SetupAxesLimits(0, 1, -0.2 * best, 1.1 * best, is_other ? ImPlotCond_Always : ImPlotCond_Once);
  ImPlot::SetupLegend(ImPlotLocation_SouthWest);
  const int count = static_cast<int>(xs.size());
  const double none = 0;
  ImPlot::PlotInfLines("call none", &none, 1, horizontal(line_spec(theme.line, 1)));
  ImPlot::PlotLine("call all", xs.data(), all.data(), count, line_spec(theme.quiet, 1));
  draw_band(evaluation.images.decision_band, theme);
  ImPlot::PlotLine("the model", xs.data(), ys.data(), count, line_spec(theme.accent, 2));
  ImPlot::PlotInfLines("threshold", &evaluation.threshold_high, 1, line_spec(theme.malignant, 1));
  if (const DecisionPoint* at = pointed_at(curve, [](const DecisionPoint& point) { return std::pair(point.threshold, point.net_benefit); })) {
    listed = tip_at(at->threshold, "net benefit", at->net_benefit, "of calling all", at->call_all, is_fixed);
  }
  ImPlot::EndPlot();
  return listed;
}

}  // namespace lobule
