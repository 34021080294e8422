#pragma once

#include <span>

#include "lobule/metrics.h"

namespace lobule {

// Thresholds at which cases with score >= threshold are called positive. Each is the score of a case; nothing unless both classes are present. std::logic_error at
// a score that is not a number.

/// The highest threshold whose sensitivity is at least that. std::logic_error for a sensitivity outside (0, 1].
Figure threshold_at_sensitivity(std::span<const ScoredCase> cases, double sensitivity);

/// Where sensitivity + specificity - 1 is largest (Youden, "Index for rating diagnostic tests", Cancer 3, 1950); of several such thresholds the highest.
Figure threshold_at_youden(std::span<const ScoredCase> cases);

}  // namespace lobule
