#include "lobule/evaluation.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lobule/evaluator.h"
#include "lobule/report.h"
#include "lobule/sha256.h"
#include "prediction_tables.h"

using namespace lobule;
using Catch::Contains;

namespace {

const EvaluationOptions kNoIntervals = {0, 1};

}  // namespace

TEST_CASE("Images and patients are counted by call") {
  const Evaluation evaluation = evaluate(make_table({{"a", "malignant", "p1", 2},
                                                     {"b", "malignant", "p1", -1},
                                                     {"c", "benign", "p2", -2},
                                                     {"d", "benign", "p2", 1},
                                                     {"e", "malignant", "p3", -3},
                                                     {"f", "", "p4", 3}}),
                                         kNoIntervals);
  CHECK(evaluation.unlabelled == 1);
  CHECK(evaluation.images.cases == 5);
  CHECK(evaluation.images.positives == 3);
  CHECK(evaluation.images.counts.true_positive == 1);
  CHECK(evaluation.images.counts.false_negative == 2);
  CHECK(evaluation.images.counts.false_positive == 1);
  CHECK(evaluation.images.counts.true_negative == 1);
  CHECK(evaluation.images.confusion.at(1, 0) == 2);
  CHECK(evaluation.images.accuracy.value == 0.4);
  // Mean logits: p1 +0.5, p2 -0.5, p3 -3.
  CHECK(evaluation.patients.counts.true_positive == 1);
  CHECK(evaluation.patients.counts.true_negative == 1);
  CHECK(evaluation.patients.counts.false_negative == 1);
  REQUIRE(evaluation.patient_results.size() == 3);
  CHECK(evaluation.patient_results[0].prediction.logits == std::vector<double>{0, 0.5});
  CHECK(evaluation.patient_results[0].images == 2);
  CHECK(evaluation.patient_results[0].images_correct == 1);
  // Spanhol 2016: (1/2 + 1/2 + 0/1) / 3.
  CHECK(*evaluation.patient_recognition_rate.value == Approx(1.0 / 3).epsilon(1e-15));
}

TEST_CASE("Undecided images leave the counts and stay in the AUC") {
  const Evaluation evaluation =
      evaluate(make_table({{"a", "malignant", "p1", 3}, {"b", "malignant", "p2", 0}, {"c", "benign", "p3", -3}}, 0.3, 0.7), kNoIntervals);
  CHECK(evaluation.images.no_result == 1);
  CHECK(evaluation.images.counts.total() == 2);
  CHECK(evaluation.images.scored == 3);
  CHECK(evaluation.images.auc.value == 1);
  CHECK(evaluation.patients.no_result == 1);
  CHECK(*evaluation.patient_recognition_rate.value == Approx(2.0 / 3).epsilon(1e-15));
}

TEST_CASE("A refused image does not speak for its patient") {
  PredictionTable table = make_table({{"a", "benign", "p1", -1}, {"b", "benign", "p1", 9}, {"c", "malignant", "p2", 2}, {"d", "malignant", "p3", 2}});
  refuse(table.rows[1].prediction, "Out of focus");  // though its probability is high
  table.rows[3].prediction = Prediction{};           // never decoded
  const Evaluation evaluation = evaluate(table, kNoIntervals);
  CHECK(evaluation.patient_results[0].prediction.logits == std::vector<double>{0, -1});
  CHECK(evaluation.patient_results[0].images == 2);
  CHECK(evaluation.patient_results[2].prediction.call == Call::no_result);
  CHECK_THAT(evaluation.patient_results[2].prediction.reason, Contains("None of the patient's images"));
  CHECK(evaluation.images.scored == 2);
  CHECK(evaluation.patients.no_result == 1);
}

TEST_CASE("Refused, undecided and unreadable images are counted apart") {
  PredictionTable table = make_table(
      {{"a", "benign", "p1", -3}, {"b", "benign", "p1", 9}, {"c", "malignant", "p2", 0}, {"d", "malignant", "p3", 3}, {"e", "benign", "p4", 4}}, 0.3, 0.7);
  refuse(table.rows[1].prediction, "Out of focus");
  refuse(table.rows[4].prediction, "Out of focus");
  table.rows[3].prediction = Prediction{};
  const Evaluation evaluation = evaluate(table, kNoIntervals);
  CHECK(evaluation.images.no_result == 4);
  CHECK(evaluation.images.refused == 2);
  CHECK(evaluation.images.undecided == 1);
  CHECK(evaluation.patients.refused == 1);  // p4: its only image
  CHECK(evaluation.patients.undecided == 1);
  CHECK(evaluation.patient_results[0].images_refused == 1);
  CHECK_THAT(classification_report(evaluation), Contains("Images: 1 of 5 decided, 4 without a result: 2 refused, 1 undecided, 1 not readable"));
}

TEST_CASE("Every figure is also given as if no gate had refused any") {
  PredictionTable table = make_table({{"a", "benign", "p1", -1}, {"b", "benign", "p1", 9}, {"c", "malignant", "p2", 2}, {"d", "malignant", "p3", 3}});
  const Evaluation plain = evaluate(table, kNoIntervals);
  CHECK_FALSE(plain.without_gates);
  refuse(table.rows[1].prediction, "Out of focus");
  const Evaluation gated = evaluate(table, kNoIntervals);
  CHECK(gated.images.accuracy.value == 1);
  CHECK(gated.images.auc.value == 1);
  REQUIRE(gated.without_gates);
  CHECK(gated.without_gates->images.accuracy.value == plain.images.accuracy.value);
  CHECK(gated.without_gates->images.auc.value == plain.images.auc.value);
  CHECK(gated.without_gates->images.auc.value == 0.5);
  CHECK(gated.without_gates->images.refused == 0);
  CHECK(gated.without_gates->patients.counts.false_positive == 1);  // p1: mean logit 4
}

TEST_CASE("A patient whose images disagree in their label is listed and not counted") {
  const Evaluation evaluation = evaluate(make_table({{"a", "benign", "p1", -1}, {"b", "malignant", "p1", 1}, {"c", "benign", "p2", -1}}), kNoIntervals);
  CHECK(evaluation.patients.cases == 1);
  REQUIRE(evaluation.patient_results.size() == 2);
  CHECK(evaluation.patient_results[0].label.empty());
  CHECK(evaluation.patient_results[0].images_correct == 2);
  CHECK(patients_without_label(evaluation) == "Figures of patients leave out 1 of 2, who have images of several classes.");
  CHECK_THAT(classification_report(evaluation), Contains("leave out 1 of 2"));
  CHECK_THAT(html_report(evaluation, "title"), Contains("leave out 1 of 2"));
}

TEST_CASE("An image of unknown patient counts as a patient of its own") {
  const PredictionTable table = make_table({{"a", "benign", "", -1}, {"b", "malignant", "", 1}, {"c", "malignant", "p", 1}});
  const Evaluation evaluation = evaluate(table, kNoIntervals);
  CHECK(evaluation.patients.cases == 3);
  CHECK(evaluation.patient_results.size() == 1);  // only those who have a name
  CHECK(patient_results(table).size() == 1);
}

TEST_CASE("Patients are found in a table without labels") {
  const std::vector<PatientResult> results = patient_results(make_table({{"b", "", "p2", 1}, {"a", "", "p1", -1}, {"c", "", "p2", 3}}));
  REQUIRE(results.size() == 2);
  CHECK(results[0].patient == "p1");
  CHECK(results[1].images == 2);
  CHECK(results[1].label.empty());
  CHECK(results[1].prediction.logits == std::vector<double>{0, 2});
}

TEST_CASE("More than two classes are counted by the largest logit, and the positive one by its call") {
  PredictionTable table;
  table.class_names = {"normal", "in situ", "invasive"};
  table.positive_class = 2;
  const std::vector<std::pair<std::string, std::vector<double>>> images = {
      {"normal", {2, 0, 0}}, {"in situ", {2, 1, 0}}, {"invasive", {0, 0, 3}}, {"invasive", {1, 1.2, 1.1}}};
  for (const auto& [label, logits] : images) {
    PredictionRow row;
    row.path = label;
    row.label = label;
    row.prediction = prediction_of(logits, 2, 0.5, 0.5);
    table.rows.push_back(row);
  }
  const LevelEvaluation images_level = evaluate(table, kNoIntervals).images;
  CHECK(images_level.confusion.at(1, 0) == 1);
  CHECK(images_level.confusion.at(2, 1) == 1);
  CHECK(images_level.accuracy.value == 0.5);
  CHECK(*images_level.balanced_accuracy.value == Approx((1 + 0 + 0.5) / 3).epsilon(1e-15));
  CHECK(images_level.counts.true_positive == 1);
  CHECK(images_level.counts.true_negative == 2);
  CHECK(images_level.recall.value == 0.5);
}

TEST_CASE("Subsets are of every field with two values, magnifications in their order") {
  const Evaluation evaluation = evaluate(large_table(400, 20), kNoIntervals);
  std::vector<std::string> names;
  std::int64_t by_magnification = 0;
  for (const Subset& subset : evaluation.subsets) {
    names.push_back(subset.field + ' ' + subset.value);
    if (subset.field == "magnification") by_magnification += subset.images.cases;
  }
  CHECK(names == std::vector<std::string>{"magnification 40", "magnification 100", "magnification 200", "magnification 400", "subtype adenosis",
                                          "subtype ductal_carcinoma", "subtype fibroadenoma", "subtype lobular_carcinoma", "source original",
                                          "source squeezed"});
  CHECK(by_magnification == 400);
  CHECK(evaluate(make_table({{"a", "benign", "p", 0}}), kNoIntervals).subsets.empty());
}

TEST_CASE("Labels outside the classes, and tables without a label, are refused") {
  CHECK_THROWS_WITH(evaluate(make_table({{"x.png", "unsure", "p", 0}})), Contains("x.png: label \"unsure\" is not one of the classes"));
  CHECK_THROWS_WITH(evaluate(make_table({{"x.png", "", "p", 0}})), Contains("nothing to evaluate"));
}

TEST_CASE("Intervals cover their figure and come from the seed alone") {
  const PredictionTable table = large_table(600, 40);
  const Evaluation evaluation = evaluate(table, {200, 5});
  for (const EstimatedFigure* figure : {&evaluation.images.auc, &evaluation.images.accuracy, &evaluation.patients.brier, &evaluation.images.log_loss}) {
    REQUIRE(figure->interval);
    CHECK(figure->interval->low < *figure->value);
    CHECK(figure->interval->high > *figure->value);
  }
  CHECK(to_json(evaluation) == to_json(evaluate(table, {200, 5})));
  CHECK(to_json(evaluation) != to_json(evaluate(table, {200, 6})));
}

TEST_CASE("evaluation.json has null and a reason where a figure is undefined") {
  const nlohmann::json json = nlohmann::json::parse(to_json(evaluate(make_table({{"a", "benign", "p1", -1}, {"b", "benign", "p2", -2}}))));
  CHECK(json["research_use_only"] == "For Research Use Only. Not for use in diagnostic procedures.");
  CHECK(json["kind"] == "lobule evaluation");
  CHECK(json["schema_version"] == 1);
  const nlohmann::json& images = json["images"];
  CHECK(images["figures"]["recall"]["value"].is_null());
  CHECK(images["figures"]["recall"]["n"] == 0);
  CHECK(images["figures"]["recall"]["low"].is_null());
  CHECK(images["figures"]["specificity"]["value"] == 1.0);
  CHECK(images["figures"]["specificity"]["count"] == 2);
  CHECK(images["figures"]["specificity"]["n"] == 2);
  CHECK(images["counts"] == nlohmann::json({{"tp", 0}, {"fp", 0}, {"tn", 2}, {"fn", 0}}));
  std::vector<std::string> undefined;
  for (const auto& entry : images["undefined"]) undefined.push_back(entry["figure"]);
  CHECK(undefined == std::vector<std::string>{"balanced_accuracy", "precision", "recall", "f1", "mcc", "auc", "average_precision"});
  CHECK(images["undefined"][2]["why"] == "no decided case is malignant");
}

TEST_CASE("The same table gives the same bytes of evaluation.json on every machine") {
  // The hash was written down once; g++, clang++ and emcc must all give it.
  CHECK(sha256_hex(to_json(evaluate(large_table(2000, 60), {100, 1}))) == "938622063c50707a34d7e5b4fb9846579b2a374d5223b70aaec8129502e8dd20");
}

TEST_CASE("Ten thousand images of 500 patients with 1000 replicates are evaluated in seconds at most") {
  const PredictionTable table = large_table(10000, 500);
  const auto start = std::chrono::steady_clock::now();
  const Evaluation evaluation = evaluate(table, {1000, 1});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  CHECK(evaluation.images.auc.interval);
  INFO(seconds << " s");
  // Copying and sorting the cases for each replicate takes minutes; the bound leaves room for -O1 with sanitizers on a busy machine.
  CHECK(seconds < 30);
}

TEST_CASE("An evaluator gives at every threshold what an evaluation from the start gives, to the last byte") {
  PredictionTable table = large_table(300, 23);
  for (std::size_t i = 0; i < table.rows.size(); i += 7) refuse(table.rows[i].prediction, "Out of focus.");
  table.rows[3].label.clear();
  table.rows[5].prediction = {};
  table.rows[5].prediction.reason = "no answer";
  table.rows[8].label = table.rows[8].label == "benign" ? "malignant" : "benign";  // a patient of two classes
  Evaluator evaluator(table, {200, 1});
  Evaluator quick(table, {200, 1});
  for (const auto& [low, high] : {std::pair(0.5, 0.5), {0.3, 0.7}, {0.0, 0.0}, {1.0, 1.0}, {0.25, 0.25}, {0.5, 0.5}}) {
    PredictionTable fresh = table;
    fresh.threshold_low = low;
    fresh.threshold_high = high;
    for (PredictionRow& row : fresh.rows) decide(row.prediction, low, high);
    CHECK(to_json(evaluator.at(low, high)) == to_json(evaluate(fresh, {200, 1})));
    CHECK(to_json(quick.at(low, high, false)) == to_json(evaluate(fresh, {0, 1})));
    CHECK(html_report(evaluator.at(low, high), "x") == html_report(evaluate(fresh, {200, 1}), "x"));
  }
}
