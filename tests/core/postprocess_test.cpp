#include "lobule/postprocess.h"

#include <catch2/catch.hpp>
#include <limits>
#include <stdexcept>

using namespace lobule;
using Catch::Contains;

namespace {

ModelSpec two_class_spec(double low, double high) {
  ModelSpec spec;
  spec.class_names = {"benign", "malignant"};
  spec.threshold_low = low;
  spec.threshold_high = high;
  return spec;
}

}  // namespace

TEST_CASE("Logits become probabilities and a call") {
  const Prediction prediction = postprocess(std::vector<float>{0.0F, 2.0F}, two_class_spec(0.5, 0.5));
  CHECK(prediction.p_positive == Approx(0.8807970779778823).epsilon(1e-15));
  CHECK(prediction.probabilities[0] + prediction.probabilities[1] == Approx(1).epsilon(1e-15));
  CHECK(prediction.call == Call::positive);
  CHECK(prediction.reason.empty());
}

TEST_CASE("The temperature divides the logits") {
  ModelSpec spec = two_class_spec(0.5, 0.5);
  spec.temperature = 2;
  const Prediction prediction = postprocess(std::vector<float>{1.0F, 3.0F}, spec);
  CHECK(prediction.logits == std::vector<double>{0.5, 1.5});
  CHECK(prediction.p_positive == Approx(0.7310585786300049).epsilon(1e-15));
}

TEST_CASE("A probability at the upper threshold is positive, one at the lower is not negative") {
  CHECK(call_of(0.5, 0.5, 0.5) == Call::positive);
  CHECK(call_of(0.4999999999, 0.5, 0.5) == Call::negative);
  CHECK(call_of(0.3, 0.3, 0.7) == Call::no_result);
  CHECK(call_of(0.2999999999, 0.3, 0.7) == Call::negative);
  CHECK(call_of(0.7, 0.3, 0.7) == Call::positive);
}

TEST_CASE("Between the thresholds there is no result, and the reason says so") {
  const Prediction prediction = postprocess(std::vector<float>{0.0F, 0.1F}, two_class_spec(0.4, 0.6));
  CHECK(prediction.call == Call::no_result);
  CHECK_THAT(prediction.reason, Contains("between the thresholds 0.4 and 0.6"));
  CHECK(prediction.logits.size() == 2);
}

TEST_CASE("A refused prediction keeps its numbers and its reason, whatever the thresholds become") {
  Prediction prediction = postprocess(std::vector<float>{0.0F, 3.0F}, two_class_spec(0.5, 0.5));
  refuse(prediction, "Out of focus");
  decide(prediction, 0.1, 0.1);
  CHECK(prediction.call == Call::no_result);
  CHECK(prediction.reason == "Out of focus");
  CHECK(prediction.p_positive > 0.9);
  CHECK_THROWS_AS(refuse(prediction, ""), std::logic_error);
}

TEST_CASE("Logits that are not finite give no result and no numbers") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    const Prediction prediction = postprocess(std::vector<float>{0.0F, bad}, two_class_spec(0.5, 0.5));
    CHECK(prediction.call == Call::no_result);
    CHECK_THAT(prediction.reason, Contains("not a finite number"));
    CHECK(prediction.logits.empty());
    CHECK(prediction.probabilities.empty());
  }
}

TEST_CASE("The number of logits must be the number of classes") {
  CHECK_THROWS_AS(postprocess(std::vector<float>{1.0F}, two_class_spec(0.5, 0.5)), std::logic_error);
}

TEST_CASE("A call is named after its class") {
  const std::vector<std::string> two = {"malignant", "benign"};
  CHECK(call_name(Call::positive, two, 0) == "malignant");
  CHECK(call_name(Call::negative, two, 0) == "benign");
  CHECK(call_name(Call::no_result, two, 0) == "no result");
  CHECK(call_name(Call::negative, {"normal", "in situ", "invasive"}, 2) == "not invasive");
}
