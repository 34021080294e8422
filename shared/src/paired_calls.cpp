#include "lobule/paired_calls.h"

#include <algorithm>

namespace lobule {

PairedCalls count_paired_calls(std::span<const PairedCall> cases) {
  PairedCalls counts;
  for (const PairedCall& call : cases) {
    std::int64_t& count = !call.decided                  ? counts.undecided
                          : call.a_right && call.b_right ? counts.both_right
                          : call.a_right                 ? counts.only_a
                          : call.b_right                 ? counts.only_b
                                                         : counts.neither;
    ++count;
  }
  counts.p_value = mcnemar_p_value(counts.only_a, counts.only_b);
  return counts;
}

double mcnemar_p_value(std::int64_t only_a, std::int64_t only_b) {
  const std::int64_t n = only_a + only_b;
  const std::int64_t fewer = std::min(only_a, only_b);
  // The chance of the fewest: C(n, fewer) / 2^n, in an order of factors that neither overflows nor vanishes before its time.
  double chance = 1;
  std::int64_t halves = n;
  for (std::int64_t i = 1; i <= fewer; ++i) {
    chance = chance * static_cast<double>(n - fewer + i) / static_cast<double>(i);
    for (; chance > 1 && halves > 0; --halves) chance /= 2;
  }
  for (; halves > 0 && chance > 0; --halves) chance /= 2;
  double tail = 0;
  for (std::int64_t k = fewer; k >= 0 && chance > 0; --k) {
    tail += chance;
    chance = chance * static_cast<double>(k) / static_cast<double>(n - k + 1);
  }
  return std::min(1.0, 2 * tail);
}

}  // namespace lobule
