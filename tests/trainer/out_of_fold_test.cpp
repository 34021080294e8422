#include "out_of_fold.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

using namespace lobule;

namespace {

/// Images a0, a1, ... with logits 0 and +-margin; two of eight are called wrongly, one of each class.
PredictionTable fold_of(const std::string& name, int images, double margin) {
  PredictionTable table;
  table.class_names = {"benign", "malignant"};
  table.model_digest = "digest of " + name;
  for (int i = 0; i < images; ++i) {
    PredictionRow row;
    row.path = name + std::to_string(i);
    row.patient = name;
    row.label = i % 2 == 0 ? "benign" : "malignant";
    const bool says_malignant = (i % 2 == 1) != (i % 8 < 2);
    row.prediction = prediction_of({0, says_malignant ? margin : -margin}, 1, 0.5, 0.5);
    table.rows.push_back(row);
  }
  return table;
}

}  // namespace

TEST_CASE("Predictions of all folds together are sorted by path and belong to no one model") {
  const PredictionTable merged = merge_predictions({fold_of("b", 3, 1), fold_of("a", 2, 1)});
  REQUIRE(merged.rows.size() == 5);
  CHECK(merged.rows.front().path == "a0");
  CHECK(merged.rows.back().path == "b2");
  CHECK(merged.model_digest.empty());
}

TEST_CASE("An image in two folds, or folds of other classes or thresholds, cannot be merged") {
  CHECK_THROWS_AS(merge_predictions({fold_of("a", 3, 1), fold_of("a", 2, 1)}), std::runtime_error);
  PredictionTable other = fold_of("b", 2, 1);
  other.class_names = {"no_idc", "idc"};
  CHECK_THROWS_AS(merge_predictions({fold_of("a", 3, 1), other}), std::runtime_error);
  other = fold_of("b", 2, 1);
  other.threshold_high = 0.7;
  CHECK_THROWS_AS(merge_predictions({fold_of("a", 3, 1), other}), std::runtime_error);
}

TEST_CASE("A fold is calibrated by the others alone") {
  // Of four images three are called rightly: a margin of log 3 says so. Fold a is three times as sure, b and c nine times.
  const double honest = std::log(3.0);
  const std::vector<PredictionTable> folds = {fold_of("a", 40, 3 * honest), fold_of("b", 40, 9 * honest), fold_of("c", 40, 9 * honest)};
  const std::vector<PredictionTable> calibrated = cross_calibrated(folds);
  CHECK(std::abs(calibrated[0].rows[1].prediction.logits[1]) == Approx(honest / 3).epsilon(1e-3));  // b and c ask for a temperature of 9
  const double of_b = 9 * honest / std::abs(calibrated[1].rows[1].prediction.logits[1]);
  CHECK(of_b > 3);
  CHECK(of_b < 9);  // a asks for 3, c for 9
  CHECK(calibrated[0].rows[1].prediction.p_positive == Approx(1 / (1 + std::exp(-calibrated[0].rows[1].prediction.logits[1]))));
}

TEST_CASE("A temperature is fitted to all folds for a model that answers for new patients") {
  const double honest = std::log(3.0);
  const Calibration calibration = fit_temperature(std::vector<PredictionTable>{fold_of("a", 40, 4 * honest), fold_of("b", 40, 4 * honest)});
  CHECK(calibration.temperature == Approx(4).epsilon(1e-3));
  CHECK(calibration.ece_after < calibration.ece_before);
  CHECK(calibration.ece_after == Approx(0).margin(1e-3));
}

TEST_CASE("Rows without a label or an answer calibrate nothing") {
  std::vector<PredictionTable> folds = {fold_of("a", 4, 2), fold_of("b", 4, 2)};
  for (PredictionRow& row : folds[0].rows) row.label.clear();
  for (PredictionRow& row : folds[1].rows) row.prediction = {};
  CHECK_THROWS_AS(fit_temperature(folds), std::runtime_error);
  CHECK_THROWS_AS(cross_calibrated({fold_of("a", 4, 2)}), std::logic_error);
}
