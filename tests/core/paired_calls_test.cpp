#include "lobule/paired_calls.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <vector>

#include "lobule/comparison.h"
#include "prediction_tables.h"

using namespace lobule;

TEST_CASE("McNemar's exact test is the binomial's two tails") {
  CHECK(mcnemar_p_value(0, 0) == 1);
  CHECK(mcnemar_p_value(3, 3) == 1);
  CHECK(mcnemar_p_value(1, 0) == 1);
  CHECK(mcnemar_p_value(0, 6) == 2.0 / 64);
  CHECK(mcnemar_p_value(5, 1) == 2.0 * (1 + 6) / 64);
  // statsmodels.stats.contingency_tables.mcnemar([[0, 121], [59, 0]], exact=True)
  CHECK(mcnemar_p_value(121, 59) == Approx(4.4344492637551645e-06).epsilon(1e-10));
  CHECK(mcnemar_p_value(59, 121) == mcnemar_p_value(121, 59));
  // Neither overflow nor a tail that vanishes: scipy.stats.binomtest(4900, 10000).pvalue
  CHECK(mcnemar_p_value(4900, 5100) == Approx(0.04658552770494645).epsilon(1e-10));
  CHECK(mcnemar_p_value(0, 20000) == 0);
}

TEST_CASE("Calls are paired case by case, and what one side did not decide is in no count") {
  const std::vector<PairedCall> calls = {{true, true, true},  {true, true, false},  {true, true, false},
                                         {true, false, true}, {true, false, false}, {false, true, true}};
  const PairedCalls counts = count_paired_calls(calls);
  CHECK(counts.both_right == 1);
  CHECK(counts.only_a == 2);
  CHECK(counts.only_b == 1);
  CHECK(counts.neither == 1);
  CHECK(counts.undecided == 1);
  CHECK(counts.p_value == 1);
}

TEST_CASE("A comparison of one table a side pairs images' and patients' calls") {
  // p1: malignant, two images; p2: benign.
  const NamedTable a = {"a.csv", make_table({{"x", "malignant", "p1", 2}, {"y", "malignant", "p1", -1}, {"z", "benign", "p2", 1}})};
  const NamedTable b = {"b.csv", make_table({{"x", "malignant", "p1", -3}, {"y", "malignant", "p1", 1}, {"z", "benign", "p2", -1}})};
  const Comparison comparison = compare({&a, 1}, {&b, 1}, {0, 1});
  REQUIRE(comparison.image_calls);
  CHECK(comparison.image_calls->only_a == 1);
  CHECK(comparison.image_calls->only_b == 2);
  REQUIRE(comparison.patient_calls);
  CHECK(comparison.patient_calls->only_a == 1);  // p1: mean +0.5 and -1
  CHECK(comparison.patient_calls->only_b == 1);
  const auto json = nlohmann::json::parse(to_json(comparison));
  CHECK(json.at("kind") == "lobule comparison");
  CHECK(json.at("image_calls").at("only_b") == 2);
  CHECK(json.at("figures").at("image_auc").at("a").at("value") == *comparison.figures[0].a.value);

  const std::vector<NamedTable> two = {a, b};
  const Comparison of_means = compare(two, {&b, 1}, {0, 1});
  CHECK_FALSE(of_means.image_calls);
  CHECK(nlohmann::json::parse(to_json(of_means)).at("patient_calls").is_null());
}

TEST_CASE("What a side leaves undecided is paired with nothing") {
  PredictionTable undecided = make_table({{"x", "malignant", "p1", 2}, {"z", "benign", "p2", 0.1}}, 0.3, 0.7);
  const NamedTable a = {"a.csv", undecided};
  const NamedTable b = {"b.csv", make_table({{"x", "malignant", "p1", 2}, {"z", "benign", "p2", -1}})};
  const Comparison comparison = compare({&a, 1}, {&b, 1}, {0, 1});
  CHECK(comparison.image_calls->both_right == 1);
  CHECK(comparison.image_calls->undecided == 1);
}
