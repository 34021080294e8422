#include "score_steps.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lobule {

std::vector<ScoreStep> score_steps(std::span<const ScoredCase> cases) {
  std::vector<ScoredCase> sorted(cases.begin(), cases.end());
  for (const ScoredCase& scored : sorted) {
    if (std::isnan(scored.score)) throw std::logic_error("a score that is not a number cannot be ranked");
  }
  std::sort(sorted.begin(), sorted.end(), [](const ScoredCase& a, const ScoredCase& b) { return a.score > b.score; });
  std::vector<ScoreStep> steps;
  for (const ScoredCase& scored : sorted) {
    if (steps.empty() || steps.back().score != scored.score) {
      ScoreStep step = steps.empty() ? ScoreStep() : steps.back();
      step.score = scored.score;
      steps.push_back(step);
    }
    (scored.positive ? steps.back().true_positives : steps.back().false_positives) += 1;
  }
  return steps;
}

}  // namespace lobule
