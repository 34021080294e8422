#include "operating_points.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

#include "operating_points_report.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

struct Image {
  std::string patient;
  bool is_malignant;
  double logit;  // malignant's, benign's being 0
};

PredictionTable table_of(const std::string& name, const std::vector<Image>& images) {
  PredictionTable table;
  table.class_names = {"benign", "malignant"};
  for (std::size_t i = 0; i < images.size(); ++i) {
    PredictionRow row;
    row.path = name + std::to_string(i);
    row.patient = images[i].patient;
    row.label = images[i].is_malignant ? "malignant" : "benign";
    row.prediction = prediction_of({0, images[i].logit}, 1, 0.5, 0.5);
    table.rows.push_back(row);
  }
  return table;
}

/// Ten benign images at -4 to 5, ten malignant ones at -1 to 8, moved by the shift: temperature 1 does not suffice, so that calibration has something to do.
PredictionTable ladder(const std::string& name, double shift) {
  std::vector<Image> images;
  for (int i = 0; i < 10; ++i) {
    images.push_back({name + "b" + std::to_string(i / 5), false, i - 4 + shift});
    images.push_back({name + "m" + std::to_string(i / 5), true, i - 1 + shift});
  }
  return table_of(name, images);
}

double sensitivity_of(const LevelEvaluation& level) { return level.recall.value.value(); }

}  // namespace

TEST_CASE("Each fold is called by the threshold of the others") {
  // a and b want the same threshold; c, whose logits are 3 higher, is called by theirs and calls them.
  const std::vector<PredictionTable> folds = {ladder("a", 0), ladder("b", 0), ladder("c", 3)};
  const OperatingPoint point = cross_fitted(folds, {"sensitivity", 1.0});
  // c at a's and b's threshold of -1, where its own lowest malignant image is at 2: all ten are called, and all but none of its benign from -1 on. a (with b and c)
  // and b are called at -1, too.
  CHECK(sensitivity_of(point.images) == 1);
  CHECK(point.images.counts.true_negative == 3 + 3 + 0);
  // The other way round a threshold of c alone would be too high.
  const OperatingPoint pair = cross_fitted({ladder("a", 0), ladder("c", 3)}, {"sensitivity", 1.0});
  CHECK(pair.images.counts.false_negative == 3);
  CHECK(pair.images.counts.true_negative == 6);
}

TEST_CASE("A threshold of a half changes no call") {
  const std::vector<PredictionTable> folds = {ladder("a", 0), ladder("b", 1)};
  const OperatingPoint point = cross_fitted(folds, {});
  CHECK(point.threshold == 0.5);
  CHECK(point.images.counts.true_positive == 9 + 10);  // a logit of 0 is a call
  CHECK(point.images.counts.false_positive == 6 + 7);
}

TEST_CASE("A model's threshold is chosen by all images, and calls follow it") {
  PredictionTable table = ladder("a", 0);
  const double threshold = choose_threshold(table, {"sensitivity", 0.9});
  CHECK(threshold == Approx(0.5));  // nine of ten from 0 on
  CHECK(choose_threshold(table, {"half"}) == 0.5);
  set_threshold(table, 0.99);
  CHECK(table.threshold_high == 0.99);
  for (const PredictionRow& row : table.rows) CHECK((row.prediction.call == Call::positive) == (row.prediction.p_positive >= 0.99));
  CHECK_THROWS_AS(choose_threshold(table, {"best"}), std::logic_error);
  for (PredictionRow& row : table.rows) row.label = "benign";
  CHECK_THROWS_AS(choose_threshold(table, {"youden"}), std::runtime_error);
  CHECK_THROWS_AS(cross_fitted({ladder("a", 0)}, {}), std::logic_error);
}

TEST_CASE("Ways to a patient's call agree on one image and differ where images do") {
  const PredictionTable table =
      table_of("x", {{"one", true, 1.5}, {"two", false, -3}, {"two", false, 1}, {"two", false, 1}, {"mixed", true, 2}, {"mixed", false, 2}});
  const std::vector<PatientAggregation> ways = compare_aggregations(table);
  REQUIRE(ways.size() == 5);
  for (const PatientAggregation& way : ways) {
    INFO(way.name);
    CHECK(way.patients.cases == 2);  // not the patient with both labels
    CHECK(way.patients.counts.true_positive == 1);
    CHECK(way.patients.auc.value == 1);
    const bool calls_two = way.name == "median of logits" || way.name == "share of images called positive" || way.name == "highest probability" ||
                           way.name == "mean of probabilities";
    CHECK(way.patients.counts.false_positive == (calls_two ? 1 : 0));
  }
}

TEST_CASE("The report names rules and ways, and is empty for three classes") {
  const std::string report = operating_points_report({ladder("a", 0), ladder("b", 1)}, 0.9);
  CHECK_THAT(report, Contains("Youden: ") && Contains("sensitivity 0.9: ") && Contains("mean of logits") && Contains("40 images") && Contains("8 patients"));
  PredictionTable three;
  three.class_names = {"a", "b", "c"};
  CHECK(operating_points_report({three, three}, 0.9).empty());
}
