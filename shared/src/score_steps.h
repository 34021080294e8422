#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lobule/metrics.h"

namespace lobule {

/// A distinct score, and what a threshold there calls positive: cases with this score or a larger one.
struct ScoreStep {
  double score = 0;
  std::int64_t true_positives = 0;
  std::int64_t false_positives = 0;
};

/// By falling score. Tied cases are one step, so that their order means nothing. Throws std::logic_error at a score that is not a number.
std::vector<ScoreStep> score_steps(std::span<const ScoredCase> cases);

}  // namespace lobule
