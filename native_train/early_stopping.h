#pragma once

#include <span>

#include "lobule/history.h"

namespace lobule {

/// Epoch (from 1) with the lowest validation loss, the first of equals; 0 for an empty history.
int best_epoch(std::span<const EpochRecord> history);

/// True when the last `patience` epochs brought no lower validation loss. patience 0: never. A function of the history alone,
/// so that a resumed training stops where an uninterrupted one does.
bool should_stop(std::span<const EpochRecord> history, int patience);

}  // namespace lobule
