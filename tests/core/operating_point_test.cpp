#include "lobule/operating_point.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

using namespace lobule;

namespace {

/// Positives at 0.9, 0.7, 0.4, 0.2; negatives at 0.6, 0.4, 0.3, 0.1.
const std::vector<ScoredCase> kCases = {{0.9, true}, {0.7, true}, {0.6, false}, {0.4, true}, {0.4, false}, {0.3, false}, {0.2, true}, {0.1, false}};

}  // namespace

TEST_CASE("The threshold at a sensitivity is the highest that reaches it") {
  CHECK(threshold_at_sensitivity(kCases, 0.1) == 0.9);
  CHECK(threshold_at_sensitivity(kCases, 0.25) == 0.9);
  CHECK(threshold_at_sensitivity(kCases, 0.5) == 0.7);
  CHECK(threshold_at_sensitivity(kCases, 0.75) == 0.4);
  CHECK(threshold_at_sensitivity(kCases, 0.95) == 0.2);
  CHECK(threshold_at_sensitivity(kCases, 1) == 0.2);
}

TEST_CASE("Youden's threshold has the largest sensitivity + specificity, and of several it is the highest") {
  CHECK(threshold_at_youden(kCases) == 0.7);  // 0.5 + 1; at 0.4: 0.75 + 0.5
  CHECK(threshold_at_youden(std::vector<ScoredCase>{{0.9, true}, {0.8, false}, {0.7, true}, {0.6, false}}) == 0.9);
  CHECK(threshold_at_youden(std::vector<ScoredCase>{{0.1, true}, {0.2, false}}) == 0.1);  // worse than chance: everything is called positive
}

TEST_CASE("One class alone has no operating point, and no sensitivity lies outside (0, 1]") {
  const std::vector<ScoredCase> positives = {{0.9, true}, {0.7, true}};
  CHECK(!threshold_at_sensitivity(positives, 0.95));
  CHECK(!threshold_at_youden(positives));
  CHECK(!threshold_at_youden({}));
  for (const double sensitivity : {0.0, -1.0, 1.5, std::nan("")}) CHECK_THROWS_AS(threshold_at_sensitivity(kCases, sensitivity), std::logic_error);
  const std::vector<ScoredCase> unknown = {{std::numeric_limits<double>::quiet_NaN(), true}, {0.5, false}};
  CHECK_THROWS_AS(threshold_at_youden(unknown), std::logic_error);
}
