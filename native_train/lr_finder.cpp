#include "lr_finder.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iomanip>
#include <sstream>

#include "lobule/csv.h"
#include "lobule/line_chart.h"
#include "lobule/number_text.h"

namespace lobule {
namespace {

constexpr double kSmoothing = 0.9;  // ten steps: two thirds of a decade
constexpr double kDiverged = 4;     // times the lowest averaged loss
constexpr int kStepsBeforeEnd = 10;
constexpr double kSlopeHalfWidth = 1;  // decades
constexpr double kCertain = 3;         // standard errors: the noise of single batches is no fall
constexpr double kLeastFall = 0.02;    // of the loss at first, from there to the lowest

double learning_rate_of(int step) {
  const double share = static_cast<double>(step) / (kLrSteps - 1);
  return kFirstLr * std::pow(kLastLr / kFirstLr, share);
}

struct Slope {
  double value = 0;  // of the loss, a decade
  double error = 0;  // its standard error
};

/// Of the batches' losses against log10 of the learning rate, by least squares over the points near point i: unlike their average it is not late.
Slope slope_at(std::span<const LrPoint> points, std::size_t i) {
  const double center = std::log10(points[i].learning_rate);
  double n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0, sum_yy = 0;
  for (const LrPoint& point : points) {
    const double x = std::log10(point.learning_rate) - center;
    if (std::abs(x) > kSlopeHalfWidth) continue;
    const double y = point.loss - points[i].smoothed;  // small numbers: little is lost when their squares are subtracted
    ++n;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
    sum_yy += y * y;
  }
  const double spread_x = sum_xx - sum_x * sum_x / n;
  if (n < 3 || spread_x <= 0) return {};
  const double value = (sum_xy - sum_x * sum_y / n) / spread_x;
  const double residual = std::max(0.0, sum_yy - sum_y * sum_y / n - value * value * spread_x);
  return {value, std::sqrt(residual / (n - 2) / spread_x)};
}

std::string rate_text(double learning_rate) {
  std::ostringstream text;
  text << std::scientific << std::setprecision(1) << learning_rate;
  return text.str();
}

}  // namespace

std::vector<LrPoint> find_learning_rates(const std::function<double(double)>& step) {
  std::vector<LrPoint> points;
  double average = 0;
  double lowest = INFINITY;
  for (int i = 0; i < kLrSteps; ++i) {
    LrPoint point;
    point.learning_rate = learning_rate_of(i);
    point.loss = step(point.learning_rate);
    if (!std::isfinite(point.loss)) break;
    average = kSmoothing * average + (1 - kSmoothing) * point.loss;
    point.smoothed = average / (1 - std::pow(kSmoothing, i + 1));
    points.push_back(point);
    lowest = std::min(lowest, point.smoothed);
    if (i >= kStepsBeforeEnd && point.smoothed > kDiverged * lowest) break;
  }
  return points;
}

std::optional<LrSuggestion> suggest_learning_rate(std::span<const LrPoint> points) {
  if (points.size() < kStepsBeforeEnd) return std::nullopt;
  // The first averages are of few batches, and no fall.
  const auto begin = points.begin() + kStepsBeforeEnd - 1;
  const auto lowest = std::min_element(begin, points.end(), [](const LrPoint& a, const LrPoint& b) { return a.smoothed < b.smoothed; });
  if (begin->smoothed - lowest->smoothed < kLeastFall * begin->smoothed) return std::nullopt;
  LrSuggestion suggestion;
  double steepest_slope = 0;
  for (auto point = begin; point != lowest; ++point) {
    const Slope slope = slope_at(points, static_cast<std::size_t>(point - points.begin()));
    if (slope.value >= steepest_slope || -slope.value < kCertain * slope.error) continue;
    steepest_slope = slope.value;
    suggestion.steepest = point->learning_rate;
  }
  if (steepest_slope == 0) return std::nullopt;
  suggestion.lowest = lowest->learning_rate;
  suggestion.tenth_of_lowest = lowest->learning_rate / 10;
  return suggestion;
}

std::string lr_table_csv(std::span<const LrPoint> points) {
  std::string csv = csv_line({"learning_rate", "loss", "smoothed_loss"});
  for (const LrPoint& point : points) csv += csv_line({shortest(point.learning_rate), shortest(point.loss), shortest(point.smoothed)});
  return csv;
}

std::string lr_table_text(std::span<const LrPoint> points) {
  std::ostringstream text;
  text << "learning rate      loss  averaged\n";
  constexpr std::size_t kEvery = (kLrSteps - 1) / 16;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i % kEvery != 0 && i + 1 != points.size()) continue;
    text << std::setw(13) << rate_text(points[i].learning_rate) << std::setw(10) << fixed(points[i].loss, 4) << std::setw(10) << fixed(points[i].smoothed, 4)
         << "\n";
  }
  return text.str();
}

std::string lr_chart_svg(std::span<const LrPoint> points) {
  LineChart chart;
  chart.x_title = "learning rate";
  chart.y_title = "loss (nats)";
  chart.logarithmic_x = true;
  Curve raw{"each batch", CurveStyle::dashed, {}};
  Curve smoothed{"averaged", CurveStyle::solid, {}};
  for (const LrPoint& point : points) {
    chart.x.push_back(point.learning_rate);
    raw.y.push_back(point.loss);
    smoothed.y.push_back(point.smoothed);
  }
  chart.curves = {raw, smoothed};
  std::string description = "Loss over the learning rate";
  if (const std::optional<LrSuggestion> suggestion = suggest_learning_rate(points)) {
    chart.marks = {{suggestion->steepest, "steepest: " + rate_text(suggestion->steepest)},
                   {suggestion->tenth_of_lowest, "lowest / 10: " + rate_text(suggestion->tenth_of_lowest)}};
    description += "; it falls fastest at " + rate_text(suggestion->steepest);
  }
  const LineChart charts[] = {chart};
  return line_charts_svg(charts, description + ".");
}

}  // namespace lobule
