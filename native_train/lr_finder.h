#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace lobule {

/// Learning rate range test (Smith 2017): the learning rate rises exponentially, a step each, until the loss diverges.
struct LrPoint {
  double learning_rate = 0;
  double loss = 0;      // of the step's batch, before the weights moved
  double smoothed = 0;  // exponential moving average, without its bias to the start
};

inline constexpr double kFirstLr = 1e-7;
inline constexpr double kLastLr = 10;
inline constexpr int kLrSteps = 120;  // 15 a decade

/// step: takes a step with this learning rate and returns its loss. Ends early once the loss is no finite number, or its average above four times the lowest.
std::vector<LrPoint> find_learning_rates(const std::function<double(double)>& step);

struct LrSuggestion {
  double steepest = 0;         // where the loss falls fastest against the logarithm of the learning rate
  double lowest = 0;           // where it is lowest
  double tenth_of_lowest = 0;  // a step of this size is safely below what diverges
};

/// Nothing where the loss does not fall, or no more than by the noise of its batches.
std::optional<LrSuggestion> suggest_learning_rate(std::span<const LrPoint> points);

/// learning_rate,loss,smoothed_loss
std::string lr_table_csv(std::span<const LrPoint> points);

/// Two points a decade, with headings; a line break behind each.
std::string lr_table_text(std::span<const LrPoint> points);

/// Loss over the learning rate, with both suggestions.
std::string lr_chart_svg(std::span<const LrPoint> points);

}  // namespace lobule
