#include "learning_rate.h"

#include <algorithm>
#include <cmath>

namespace lobule {

double learning_rate_at(const TrainOptions& options, std::int64_t step, std::int64_t steps_per_epoch) {
  const auto steps = static_cast<double>(options.epochs) * static_cast<double>(steps_per_epoch);
  const double warmup = options.warmup_epochs * static_cast<double>(steps_per_epoch);
  const auto done = static_cast<double>(step);
  if (done + 1 < warmup) return options.learning_rate * (done + 1) / warmup;
  if (options.schedule == Schedule::constant || steps <= warmup) return options.learning_rate;
  constexpr double kPi = 3.14159265358979323846;
  const double progress = std::clamp((done - warmup) / (steps - warmup), 0.0, 1.0);
  return options.learning_rate * 0.5 * (1 + std::cos(kPi * progress));
}

}  // namespace lobule
