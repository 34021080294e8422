#pragma once

#include <cstdint>
#include <span>

namespace lobule {

/// Whether each of two sides called a case rightly; neither is said of a case that one of them did not decide.
struct PairedCall {
  bool decided = false;  // by both
  bool a_right = false;
  bool b_right = false;
};

/// How often two sides called the same cases rightly.
struct PairedCalls {
  std::int64_t both_right = 0;
  std::int64_t only_a = 0;  // A right, B wrong
  std::int64_t only_b = 0;
  std::int64_t neither = 0;
  std::int64_t undecided = 0;  // by one side or both: in none of the counts above
  double p_value = 1;          // of mcnemar_p_value
};

PairedCalls count_paired_calls(std::span<const PairedCall> cases);

/// McNemar's test (Psychometrika 12, 1947) in its exact, two-sided form: were both sides right equally often, each case on which they differ would go to either
/// with probability 1/2. Cases must be independent: patients are, images of one patient are not. 1 where they never differ. Counts are >= 0.
double mcnemar_p_value(std::int64_t only_a, std::int64_t only_b);

}  // namespace lobule
