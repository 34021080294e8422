#pragma once

#include <optional>
#include <string>
#include <utility>

#include "lobule/evaluation.h"
#include "theme.h"

namespace lobule {

/// A confusion matrix: rows are the true class, columns the call; each cell's count and its share of the row, shaded by that share. no_result is said below it.
/// Returns the cell that was clicked, as indices of true class and call.
std::optional<std::pair<int, int>> draw_confusion(const std::string& title, const LevelEvaluation& level, const Evaluation& evaluation, const Theme& theme,
                                                  ImVec2 size);

}  // namespace lobule
