#pragma once

#include <span>
#include <string>

#include "lobule/history.h"

namespace lobule {

/// A run's training curves as an SVG file: loss, accuracy and ROC AUC of training and validation over the epochs, the best epoch marked. A figure that is
/// undefined leaves a gap.
std::string history_svg(std::span<const EpochRecord> history);

}  // namespace lobule
