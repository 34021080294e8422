#include "lobule/scope.h"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lobule/model_package.h"
#include "tiny_model.h"

using namespace lobule;
using Catch::Contains;

namespace {

/// Weights for the three features of the tiny model.
ModelScope tiny_scope() {
  ModelScope scope;
  scope.gate = {{1, -2, 0.5}, 0.25, 1.5};
  scope.weak_magnifications = {{40, 0.54, 0.29, 0.81}};
  scope.study_json = R"({"kinds":[]})";
  return scope;
}

QualityReport good_quality() {
  QualityReport report;
  report.tissue_share = 0.8;
  report.focus = 1e4;
  report.stain_hue_share = 1;
  report.stain_misfit = 0;
  return report;
}

ModelPackage package_with(const ModelScope& scope) {
  ModelPackage package = tiny_package();
  package.scope = scope;
  return package;
}

ModelFile read_back(const ModelScope& scope) { return read_model_file(as_bytes_of(write_model_file(tiny_onnx(), package_with(scope)))); }

}  // namespace

TEST_CASE("A scope score is the features' weighted sum and the bias") {
  CHECK(scope_score(std::vector<float>{1, 0.5F, 4}, tiny_scope().gate) == 2.25);
  CHECK_THROWS_AS(scope_score(std::vector<float>{1, 2}, tiny_scope().gate), std::logic_error);
}

TEST_CASE("An image is refused beyond the gate's limit and not at it") {
  const ModelScope scope = tiny_scope();
  CHECK(refusal_reason(scope, good_quality(), 1.5, 0).empty());
  CHECK_THAT(refusal_reason(scope, good_quality(), 1.5001, 0), Contains("Unlike the tissue"));
  CHECK_THAT(refusal_reason(scope, good_quality(), std::numeric_limits<double>::quiet_NaN(), 0), Contains("Unlike the tissue"));
}

TEST_CASE("A limit of quality that is not kept refuses an image, and every reason is said") {
  QualityReport blurred = good_quality();
  blurred.focus = 0;
  const std::string reason = refusal_reason(tiny_scope(), blurred, 9, 40);
  CHECK_THAT(reason, Contains("Out of focus"));
  CHECK_THAT(reason, Contains("Unlike the tissue"));
  CHECK_THAT(reason, Contains("At 40X this model is hardly better than chance (ROC AUC 0.54, 0.29 to 0.81)"));
}

TEST_CASE("A magnification is weak where the model says so") {
  CHECK(refusal_reason(tiny_scope(), good_quality(), 0, 100).empty());
  CHECK(refusal_reason(tiny_scope(), good_quality(), 0, 0).empty());
  CHECK_THAT(refusal_reason(tiny_scope(), good_quality(), 0, 40), Contains("another magnification"));
}

TEST_CASE("A model's scope survives its file, and its facts leave the weights out") {
  const ModelFile file = read_back(tiny_scope());
  REQUIRE(file.package.scope);
  CHECK(file.package.scope->gate.weights == tiny_scope().gate.weights);
  CHECK(file.package.scope->gate.bias == 0.25);
  CHECK(file.package.scope->gate.limit == 1.5);
  REQUIRE(file.package.scope->weak_magnifications.size() == 1);
  CHECK(file.package.scope->weak_magnifications[0].auc == 0.54);
  CHECK(file.package.scope->study_json == R"({"kinds":[]})");
  const auto facts = nlohmann::json::parse(model_facts_json(file));
  CHECK(facts.at("scope").at("limit") == 1.5);
  CHECK(facts.at("scope").count("weights") == 0);
  const ModelFile without = read_model_file(as_bytes_of(write_model_file(tiny_onnx(), tiny_package())));
  CHECK_FALSE(without.package.scope);
  CHECK(nlohmann::json::parse(model_facts_json(without)).at("scope").is_null());
}

TEST_CASE("A model file with a scope that cannot be is refused") {
  ModelScope scope = tiny_scope();
  scope.gate.weights.push_back(1);
  CHECK_THROWS_WITH(read_back(scope), Contains("lobule.scope has 4 weights for 3 features"));
  scope = tiny_scope();
  scope.gate.limit = 1e7;
  CHECK_THROWS_WITH(read_back(scope), Contains("lobule.scope has a number beyond a million"));
  scope = tiny_scope();
  scope.weak_magnifications[0].auc_low = 0.6;
  CHECK_THROWS_WITH(read_back(scope), Contains("weak magnification"));
  scope = tiny_scope();
  scope.study_json = "[]";
  CHECK_THROWS_WITH(read_back(scope), Contains("study"));
}
