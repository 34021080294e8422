// Values of the curves in a replicate of a bootstrap: what their bands come from.
#include <algorithm>

#include "weighted_figures.h"

namespace lobule {
namespace {

/// Counts of drawn cases with at least some score.
struct Called {
  std::int64_t positives = 0;
  std::int64_t negatives = 0;
};

double net_benefit(const Called& called, std::int64_t cases, double threshold) {
  return (static_cast<double>(called.positives) - static_cast<double>(called.negatives) * threshold / (1 - threshold)) / static_cast<double>(cases);
}

/// The values of one replicate, filled in as the threshold falls.
class FallingThreshold {
 public:
  FallingThreshold(const Called& all, CurveValues& values) : all_(all), values_(values) {}

  /// before: with more than this score; after: with at least it.
  void pass(double score, const Called& before, const Called& after) {
    set_decision_above(score, before);
    if (all_.positives == 0) return;
    set_precision(after);
    if (all_.negatives > 0) set_sensitivity(before, after);
  }

  void end() {
    set_decision_above(0, all_);
    if (all_.positives == 0 || all_.negatives == 0) return;
    while (roc_ < kRocPlaces) values_.roc[roc_++] = 1;
  }

 private:
  void set_decision_above(double score, const Called& called) {
    for (; decision_ < kDecisionPlaces; ++decision_) {
      const std::size_t place = kDecisionPlaces - 1 - decision_;
      if (decision_place(place) <= score) return;
      values_.decision[place] = net_benefit(called, all_.positives + all_.negatives, decision_place(place));
    }
  }

  /// Of the fewest called cases that reach the place's recall.
  void set_precision(const Called& called) {
    const auto reached = static_cast<std::int64_t>(kPrPlaces) * called.positives;
    while (pr_ < kPrPlaces && reached >= static_cast<std::int64_t>(pr_ + 1) * all_.positives) {
      values_.pr[pr_++] = static_cast<double>(called.positives) / static_cast<double>(called.positives + called.negatives);
    }
  }

  /// Along the line between two points of the curve; where it climbs, at its upper end.
  void set_sensitivity(const Called& before, const Called& after) {
    for (; roc_ < kRocPlaces; ++roc_) {
      const double wanted = roc_place(roc_) * static_cast<double>(all_.negatives);
      if (wanted >= static_cast<double>(after.negatives)) return;
      const double share = (wanted - static_cast<double>(before.negatives)) / static_cast<double>(after.negatives - before.negatives);
      values_.roc[roc_] =
          (static_cast<double>(before.positives) + share * static_cast<double>(after.positives - before.positives)) / static_cast<double>(all_.positives);
    }
  }

  Called all_;
  CurveValues& values_;
  std::size_t roc_ = 0;  // the next place of each
  std::size_t pr_ = 0;
  std::size_t decision_ = 0;
};

}  // namespace

CurveValues WeightedFigures::curves(const std::vector<std::int64_t>& weights) const {
  CurveValues values;
  Called all;
  std::array<std::int64_t, kReliabilityBins> bin_cases{};
  std::array<std::int64_t, kReliabilityBins> bin_positives{};
  for (const RankedCase& ranked : ranked_) {
    const std::int64_t weight = weights[static_cast<std::size_t>(ranked.patient)];
    const std::int64_t positives = ranked.positive ? weight : 0;
    all.positives += positives;
    all.negatives += weight - positives;
    bin_cases[static_cast<std::size_t>(ranked.bin)] += weight;
    bin_positives[static_cast<std::size_t>(ranked.bin)] += positives;
  }
  if (all.positives + all.negatives == 0) return values;
  for (std::size_t bin = 0; bin < bin_cases.size(); ++bin) {
    if (bin_cases[bin] > 0) values.reliability[bin] = static_cast<double>(bin_positives[bin]) / static_cast<double>(bin_cases[bin]);
  }
  FallingThreshold threshold(all, values);
  Called before;
  Called after;
  for (const RankedCase& ranked : ranked_) {
    const std::int64_t weight = weights[static_cast<std::size_t>(ranked.patient)];
    (ranked.positive ? after.positives : after.negatives) += weight;
    if (!ranked.ends_tie) continue;
    threshold.pass(ranked.p_positive, before, after);
    before = after;
  }
  threshold.end();
  return values;
}

}  // namespace lobule
