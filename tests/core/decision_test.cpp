#include "lobule/decision.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lobule/portable_math.h"
#include "prediction_tables.h"

using namespace lobule;
using Catch::Contains;

namespace {

/// Net benefit by its definition, at one threshold.
double net_benefit(const std::vector<ScoredCase>& cases, double threshold) {
  double benefit = 0;
  for (const ScoredCase& scored : cases) {
    if (scored.score < threshold) continue;
    benefit += scored.positive ? 1 : -threshold / (1 - threshold);
  }
  return benefit / static_cast<double>(cases.size());
}

}  // namespace

TEST_CASE("The decision curve is net benefit at each hundredth, also where scores lie on the thresholds") {
  SplitMix64 random(5);
  std::vector<ScoredCase> cases;
  for (int i = 0; i < 300; ++i) {
    const double score = i % 2 == 0 ? random.uniform() : random.below(101) / 100.0;
    cases.push_back({score, random.below(3) == 0});
  }
  const std::vector<DecisionPoint> curve = decision_curve(cases);
  REQUIRE(curve.size() == 99);
  std::vector<ScoredCase> all = cases;
  for (ScoredCase& scored : all) scored.score = 1;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    CHECK(curve[i].threshold == static_cast<double>(i + 1) / 100);
    CHECK(curve[i].net_benefit == Approx(net_benefit(cases, curve[i].threshold)).margin(1e-12));
    CHECK(curve[i].call_all == Approx(net_benefit(all, curve[i].threshold)).margin(1e-12));
  }
  CHECK(decision_curve({}).empty());
}

TEST_CASE("Predictive values follow Bayes' theorem") {
  // Altman & Bland 1994: sensitivity 0.89 (231 of 258), specificity 0.627 (54 of 86), prevalence 0.25.
  CHECK(*positive_predictive_value_at(0.25, 231.0 / 258, 54.0 / 86) == Approx(0.45).margin(0.005));
  CHECK(*negative_predictive_value_at(0.25, 231.0 / 258, 54.0 / 86) == Approx(0.95).margin(0.005));
  CHECK_FALSE(positive_predictive_value_at(0.3, 0.0, 1.0));  // nobody is called positive
  CHECK_FALSE(negative_predictive_value_at(0.3, 1.0, 0.0));
  CHECK_FALSE(positive_predictive_value_at(0.3, std::nullopt, 1.0));
}

TEST_CASE("At the prevalence of the labelled cases predictive values are precision and its opposite") {
  const PredictionTable table = large_table(600, 40);
  const Evaluation evaluation = evaluate(table);
  const auto share = [](const LevelEvaluation& level) { return static_cast<double>(level.positives) / static_cast<double>(level.cases); };
  const PrevalenceEvaluation found = evaluate_at_prevalence(table, share(evaluation.images));
  CHECK(*found.images.positive.value == Approx(*evaluation.images.precision.value));
  CHECK(*found.images.negative.value == Approx(*negative_predictive_value(evaluation.images.counts)));
  REQUIRE(found.images.positive.interval);
  CHECK(found.images.positive.interval->low < *found.images.positive.value);
  CHECK(found.images.positive.interval->high > *found.images.positive.value);
  const PrevalenceEvaluation of_patients = evaluate_at_prevalence(table, share(evaluation.patients));
  CHECK(*of_patients.patients.positive.value == Approx(*evaluation.patients.precision.value));
  CHECK(*evaluate_at_prevalence(table, 0.01).images.positive.value < *found.images.positive.value);
}

TEST_CASE("A prevalence outside 0 to 1, and a table without labels, are refused") {
  const PredictionTable table = large_table(20, 4);
  for (const double prevalence : {0.0, 1.0, -0.1, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_WITH(evaluate_at_prevalence(table, prevalence), Contains("between 0 and 1"));
  }
  CHECK_THROWS_WITH(evaluate_at_prevalence(make_table({{"a", "", "p", 1}}), 0.5), Contains("no image has a label"));
}

TEST_CASE("Predictive values as JSON") {
  const auto json = nlohmann::json::parse(to_json(evaluate_at_prevalence(make_table({{"a", "malignant", "p", 1}, {"b", "benign", "q", -1}}), 0.25)));
  CHECK(json.at("prevalence") == 0.25);
  CHECK(json.at("images").at("ppv").at("value") == 1);
  CHECK(json.at("patients").at("npv").at("value") == 1);
  CHECK(json.at("images").at("ppv").contains("low"));
}
