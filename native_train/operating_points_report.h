#pragma once

#include <string>
#include <vector>

#include "out_of_fold.h"

namespace lobule {

/// Markdown: cross-fitted figures at 0.5, at Youden's threshold and at a sensitivity, and ways from a patient's images to its call compared; intervals of 95 %. folds:
/// uncalibrated, of each fold's model. Empty for more than two classes.
std::string operating_points_report(const std::vector<PredictionTable>& folds, double sensitivity);

}  // namespace lobule
