#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "lobule/metrics.h"
#include "lobule/portable_math.h"

namespace lobule {

double case_log_loss(const ScoredCase& scored) {
  constexpr double kClip = 0x1p-52;
  const double p = std::clamp(scored.score, kClip, 1 - kClip);
  return -portable_log(scored.positive ? p : 1 - p);
}

double case_brier_score(const ScoredCase& scored) {
  const double difference = scored.score - (scored.positive ? 1 : 0);
  return difference * difference;
}

Figure brier_score(std::span<const ScoredCase> cases) {
  if (cases.empty()) return std::nullopt;
  double sum = 0;
  for (const ScoredCase& scored : cases) sum += case_brier_score(scored);
  return sum / static_cast<double>(cases.size());
}

Figure log_loss(std::span<const ScoredCase> cases) {
  if (cases.empty()) return std::nullopt;
  double sum = 0;
  for (const ScoredCase& scored : cases) sum += case_log_loss(scored);
  return sum / static_cast<double>(cases.size());
}

std::int64_t positives_of(const ReliabilityBin& bin) { return std::llround(bin.positive_rate * static_cast<double>(bin.count)); }

int reliability_bin_of(double probability, int bins) {
  if (!(probability >= 0 && probability <= 1)) throw std::logic_error("a probability lies outside 0..1");
  int bin = std::min(static_cast<int>(probability * bins), bins - 1);
  // The product is rounded; the bounds i / bins decide.
  if (probability < static_cast<double>(bin) / bins) --bin;
  if (bin + 1 < bins && probability >= static_cast<double>(bin + 1) / bins) ++bin;
  return bin;
}

std::vector<ReliabilityBin> reliability_bins(std::span<const ScoredCase> cases, int bins) {
  if (bins < 1) throw std::logic_error("a reliability diagram needs a bin");
  std::vector<ReliabilityBin> result(static_cast<std::size_t>(bins));
  for (int i = 0; i < bins; ++i) {
    result[static_cast<std::size_t>(i)].low = static_cast<double>(i) / bins;
    result[static_cast<std::size_t>(i)].high = static_cast<double>(i + 1) / bins;
  }
  for (const ScoredCase& scored : cases) {  // sums first
    ReliabilityBin& bin = result[static_cast<std::size_t>(reliability_bin_of(scored.score, bins))];
    ++bin.count;
    bin.mean_probability += scored.score;
    bin.positive_rate += scored.positive ? 1 : 0;
  }
  for (ReliabilityBin& bin : result) {
    if (bin.count == 0) continue;
    bin.mean_probability /= static_cast<double>(bin.count);
    bin.positive_rate /= static_cast<double>(bin.count);
  }
  return result;
}

Figure expected_calibration_error(std::span<const ScoredCase> cases, int bins) {
  if (cases.empty()) return std::nullopt;
  double sum = 0;
  for (const ReliabilityBin& bin : reliability_bins(cases, bins)) {
    sum += static_cast<double>(bin.count) * std::abs(bin.positive_rate - bin.mean_probability);
  }
  return sum / static_cast<double>(cases.size());
}

}  // namespace lobule
