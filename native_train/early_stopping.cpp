#include "early_stopping.h"

namespace lobule {

int best_epoch(std::span<const EpochRecord> history) {
  const EpochRecord* best = nullptr;
  for (const EpochRecord& record : history) {
    if (best == nullptr || !record.val || !best->val || record.val->loss < best->val->loss) best = &record;
  }
  return best == nullptr ? 0 : best->epoch;
}

bool should_stop(std::span<const EpochRecord> history, int patience) {
  if (patience <= 0 || history.empty()) return false;
  return history.back().epoch - best_epoch(history) >= patience;
}

}  // namespace lobule
