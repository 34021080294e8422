#include "axis_ticks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "lobule/number_text.h"
#include "lobule/portable_math.h"

namespace lobule {
namespace {

constexpr double kSteps = 5;

/// digit * 10^exponent, kept apart so that multiples of it have no rounding of their own.
struct Step {
  int digit = 1;
  int exponent = 0;

  double times(std::int64_t count) const {
    double scale = 1;
    for (int i = 0; i < std::abs(exponent); ++i) scale *= 10;
    const double digits = static_cast<double>(count) * digit;
    return exponent < 0 ? digits / scale : digits * scale;
  }
};

/// The smallest that is no smaller than `least`. The C library's logarithm would round in its own way on each machine.
Step step_of(double least) {
  Step step;
  while (step.times(1) > least) --step.exponent;
  while (step.times(10) < least) ++step.exponent;
  for (const int digit : {1, 2, 5}) {
    step.digit = digit;
    if (step.times(1) >= least) return step;
  }
  return {1, step.exponent + 1};
}

void add_ticks(AxisScale& scale, const Step& step) {
  const double unit = step.times(1);
  const auto first = static_cast<std::int64_t>(std::ceil(scale.low / unit - 1e-9));
  const auto last = static_cast<std::int64_t>(std::floor(scale.high / unit + 1e-9));
  for (std::int64_t i = first; i <= last; ++i) {
    const double value = step.times(i);
    scale.ticks.push_back({scale.at(value), fixed(value, std::max(0, -step.exponent))});
  }
}

}  // namespace

double AxisScale::at(double value) const {
  if (logarithmic) return (portable_log(value) - portable_log(low)) / (portable_log(high) - portable_log(low));
  return (value - low) / (high - low);
}

AxisScale round_scale(double low, double high) {
  constexpr double kLeastSpan = 1e-6;  // of the larger value: below it the figures are one
  const double size = std::max(std::abs(low), std::abs(high));
  if (size == 0) {
    high = 1;
  } else if (high - low <= kLeastSpan * size) {
    low -= 0.1 * size;  // downwards: a share of 1 is as high as it gets
  }
  const Step step = step_of((high - low) / kSteps);
  AxisScale scale;
  scale.low = step.times(static_cast<std::int64_t>(std::floor(low / step.times(1) + 1e-9)));
  scale.high = step.times(static_cast<std::int64_t>(std::ceil(high / step.times(1) - 1e-9)));
  add_ticks(scale, step);
  return scale;
}

AxisScale count_scale(double low, double high) {
  AxisScale scale;
  scale.low = low < high ? low : low - 0.5;
  scale.high = low < high ? high : low + 0.5;
  add_ticks(scale, step_of(std::max(1.0, (high - low) / kSteps)));
  return scale;
}

AxisScale logarithmic_scale(double low, double high) {
  AxisScale scale;
  scale.low = low;
  scale.high = low < high ? high : low * 10;
  scale.logarithmic = true;
  const double ln10 = portable_log(10);
  const int first = static_cast<int>(std::ceil(portable_log(scale.low) / ln10 - 1e-9));
  const int last = static_cast<int>(std::floor(portable_log(scale.high) / ln10 + 1e-9));
  for (int power = first; power <= last; ++power) {
    scale.ticks.push_back({scale.at(Step{1, power}.times(1)), power == 0 ? "1" : power == 1 ? "10" : "1e" + std::to_string(power)});
  }
  return scale;
}

}  // namespace lobule
