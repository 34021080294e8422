#include "cluster_bootstrap.h"

#include <algorithm>

#include "lobule/portable_math.h"

namespace lobule {
namespace {

/// Quantile of sorted values, linear between two of them (type 7 of Hyndman & Fan 1996, numpy's default).
double quantile(const std::vector<double>& sorted, double q) {
  const double position = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 == sorted.size()) return sorted[below];
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
}

/// Nothing when more than 5 % of the replicates left the figure undefined.
std::optional<Interval> percentile_interval(std::vector<double> values, int replicates) {
  if (values.empty() || static_cast<std::int64_t>(values.size()) * 20 < std::int64_t{replicates} * 19) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Interval{quantile(values, 0.025), quantile(values, 0.975)};
}

}  // namespace

std::vector<std::int64_t> draw_patients(int patients, std::uint64_t seed, int replicate) {
  SplitMix64 random(mix_seed(seed, static_cast<std::uint64_t>(replicate)));
  std::vector<std::int64_t> weights(static_cast<std::size_t>(patients));
  for (int i = 0; i < patients; ++i) ++weights[random.below(static_cast<std::uint32_t>(patients))];
  return weights;
}

std::vector<std::optional<Interval>> bootstrap_intervals(int patients, std::size_t figures, const Replicate& replicate, const EvaluationOptions& options) {
  std::vector<std::optional<Interval>> intervals(figures);
  if (patients < 2) return intervals;
  std::vector<std::vector<double>> samples(figures);
  std::vector<Figure> values(figures);
  for (int r = 0; r < options.bootstrap_replicates; ++r) {
    std::fill(values.begin(), values.end(), std::nullopt);
    replicate(draw_patients(patients, options.bootstrap_seed, r), values);
    for (std::size_t i = 0; i < figures; ++i) {
      if (values[i]) samples[i].push_back(*values[i]);
    }
  }
  for (std::size_t i = 0; i < figures; ++i) intervals[i] = percentile_interval(std::move(samples[i]), options.bootstrap_replicates);
  return intervals;
}

std::optional<Interval> bootstrap_mean(std::span<const double> value_of_patient, const EvaluationOptions& options) {
  const auto replicate = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    double sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += static_cast<double>(weights[i]) * value_of_patient[i];
    values.front() = sum / static_cast<double>(value_of_patient.size());
  };
  return bootstrap_intervals(static_cast<int>(value_of_patient.size()), 1, replicate, options).front();
}

}  // namespace lobule
