#include "lobule/operating_point.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace lobule {

Figure threshold_at_sensitivity(std::span<const ScoredCase> cases, double sensitivity) {
  if (!(sensitivity > 0 && sensitivity <= 1)) throw std::logic_error("threshold_at_sensitivity: a sensitivity lies above 0 and is at most 1");
  const std::vector<RocPoint> roc = roc_curve(cases);
  const auto reached = std::find_if(roc.begin(), roc.end(), [&](const RocPoint& point) { return point.true_positive_rate >= sensitivity; });
  return reached == roc.end() ? Figure() : reached->threshold;
}

Figure threshold_at_youden(std::span<const ScoredCase> cases) {
  const std::vector<RocPoint> roc = roc_curve(cases);
  if (roc.empty()) return std::nullopt;
  // The first point, which calls no case positive, is no threshold between cases.
  const auto best = std::max_element(roc.begin() + 1, roc.end(), [](const RocPoint& a, const RocPoint& b) {
    return a.true_positive_rate - a.false_positive_rate < b.true_positive_rate - b.false_positive_rate;
  });
  return best->threshold;
}

}  // namespace lobule
