#include "lobule/reading.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "prediction_tables.h"

using namespace lobule;
using Catch::Contains;

namespace {

const EvaluationOptions kNoIntervals = {0, 1};
const std::string kBenign = "benign";
const std::string kMalignant = "malignant";

/// Ten images of five patients, six malignant. The model calls a, b, c, d, e malignant but leaves e undecided between 0.4 and 0.6, and is wrong on f and g.
ReadingTable ten_images() {
  ReadingTable table;
  table.predictions = make_table({{"a", kMalignant, "p1", 2},
                                  {"b", kMalignant, "p1", 2},
                                  {"c", kMalignant, "p2", 2},
                                  {"d", kMalignant, "p2", 2},
                                  {"e", kMalignant, "p3", 0},
                                  {"f", kMalignant, "p3", -2},
                                  {"g", kBenign, "p4", 2},
                                  {"h", kBenign, "p4", -2},
                                  {"i", kBenign, "p5", -2},
                                  {"j", kBenign, "p5", -2}},
                                 0.4, 0.6);
  table.readings = {
      {kMalignant, ""}, {kMalignant, kMalignant}, {kBenign, kMalignant}, {kBenign, kMalignant}, {kMalignant, ""}, {kMalignant, kBenign}, {kBenign, ""},
      {kBenign, ""},    {kMalignant, kBenign},    {kBenign, ""},
  };
  return table;
}

double value_of(const LevelEvaluation& side, EstimatedFigure LevelEvaluation::*field) { return (side.*field).value.value(); }

std::size_t place_of(std::string_view key) {
  std::size_t place = 0;
  while (kReadingFigures.at(place) != key) ++place;
  return place;
}

}  // namespace

TEST_CASE("the reader alone, the model, and the reader with the model, worked by hand") {
  const ReadingEvaluation evaluation = evaluate_readings(ten_images(), kNoIntervals);
  CHECK(evaluation.images == 10);
  CHECK(evaluation.positives == 6);
  CHECK(evaluation.patients == 5);
  // Alone: a, b, e, f found, c and d missed; i called malignant, g, h and j rightly benign.
  CHECK(value_of(evaluation.reader, &LevelEvaluation::accuracy) == Approx(7.0 / 10));
  CHECK(value_of(evaluation.reader, &LevelEvaluation::recall) == Approx(4.0 / 6));
  CHECK(value_of(evaluation.reader, &LevelEvaluation::specificity) == Approx(3.0 / 4));
  CHECK(value_of(evaluation.reader, &LevelEvaluation::precision) == Approx(4.0 / 5));
  CHECK(value_of(evaluation.reader, &LevelEvaluation::f1) == Approx(8.0 / 11));
  // The model: a, b, c, d found, f missed, e undecided; g called malignant, h, i and j rightly benign.
  CHECK(evaluation.model.cases == 10);
  CHECK(evaluation.model.no_result == 1);
  CHECK(value_of(evaluation.model, &LevelEvaluation::accuracy) == Approx(7.0 / 9));
  CHECK(value_of(evaluation.model, &LevelEvaluation::recall) == Approx(4.0 / 5));
  // With it: a, b, c, d, e found, f given up; no benign one called malignant.
  CHECK(value_of(evaluation.reader_with_model, &LevelEvaluation::accuracy) == Approx(9.0 / 10));
  CHECK(value_of(evaluation.reader_with_model, &LevelEvaluation::recall) == Approx(5.0 / 6));
  CHECK(value_of(evaluation.reader_with_model, &LevelEvaluation::specificity) == 1);
  CHECK(evaluation.gain[place_of("accuracy")].value.value() == Approx(0.2));
  CHECK(evaluation.gain[place_of("recall")].value.value() == Approx(1.0 / 6));
  CHECK(evaluation.gain[place_of("specificity")].value.value() == Approx(0.25));
}

TEST_CASE("readings that changed once the call was known are counted by what came of it") {
  const ReadingEvaluation evaluation = evaluate_readings(ten_images(), kNoIntervals);
  CHECK(evaluation.changed == 4);         // c, d, f, i: the confirmed b is none
  CHECK(evaluation.wrong_to_right == 3);  // c, d, i
  CHECK(evaluation.right_to_wrong == 1);  // f
}

TEST_CASE("kappa is of the images that the model decided") {
  const ReadingEvaluation evaluation = evaluate_readings(ten_images(), kNoIntervals);
  // Alone, without e: both malignant a, b; both benign h, j; reader alone malignant f, i; model alone c, d, g.
  CHECK(evaluation.reader_and_model.images == 9);
  CHECK(evaluation.reader_and_model.agreed == 4);
  // Expected: (4 * 5 + 5 * 4) / 81; kappa = (9 * 4 - 40) / (81 - 40).
  CHECK(evaluation.reader_and_model.kappa.value.value() == Approx(-4.0 / 41));
  // With the model: a, b, c, d and f, h, i, j alike; g apart. Expected (4 * 5 + 5 * 4) / 81; kappa = (72 - 40) / 41.
  CHECK(evaluation.reader_with_model_and_model.agreed == 8);
  CHECK(evaluation.reader_with_model_and_model.kappa.value.value() == Approx(32.0 / 41));
}

TEST_CASE("Cohen's kappa of a published example, and where it is not defined") {
  ConfusionMatrix grants(2);  // 20 yes yes, 5 yes no, 10 no yes, 15 no no: observed 0.7, expected 0.5
  grants.add(0, 0, 20);
  grants.add(0, 1, 5);
  grants.add(1, 0, 10);
  grants.add(1, 1, 15);
  CHECK(cohen_kappa(grants).value() == Approx(0.4));
  CHECK_FALSE(cohen_kappa(ConfusionMatrix(2)).has_value());
  ConfusionMatrix always(2);
  always.add(1, 1, 7);
  CHECK_FALSE(cohen_kappa(always).has_value());
}

TEST_CASE("an image without a reading or without a label is in no figure") {
  ReadingTable table = ten_images();
  table.readings[0] = {};
  table.predictions.rows[6].label.clear();
  const ReadingEvaluation evaluation = evaluate_readings(table, kNoIntervals);
  CHECK(evaluation.images == 8);
  CHECK(evaluation.unread == 1);
  CHECK(evaluation.unlabelled == 1);
  CHECK(evaluation.model.counts.false_positive == 0);
}

TEST_CASE("a difference has a narrower interval than its sides: the same patients are drawn for both") {
  ReadingTable table;
  table.predictions = large_table(200, 40);
  for (std::size_t i = 0; i < table.predictions.rows.size(); ++i) {
    const bool is_malignant = table.predictions.rows[i].label == kMalignant;
    const std::string& wrong = is_malignant ? kBenign : kMalignant;
    table.readings.push_back({i % 4 == 0 ? wrong : table.predictions.rows[i].label, i % 8 == 0 ? table.predictions.rows[i].label : ""});
  }
  const ReadingEvaluation evaluation = evaluate_readings(table);
  const EstimatedFigure& gain = evaluation.gain[place_of("accuracy")];
  CHECK(gain.value.value() == Approx(0.125));
  REQUIRE(gain.interval.has_value());
  CHECK(gain.interval->low > 0);
  CHECK(gain.interval->low < 0.125);
  CHECK(gain.interval->high > 0.125);
  const Interval alone = evaluation.reader.accuracy.interval.value();
  CHECK(alone.low < 0.75);
  CHECK(alone.high > 0.75);
  CHECK(evaluation.reader_and_model.kappa.interval.has_value());
}

TEST_CASE("a reader's accuracy and interval are those of a model that calls the same") {
  ReadingTable table;
  table.predictions = large_table(120, 12);
  for (const PredictionRow& row : table.predictions.rows) table.readings.push_back({row.prediction.call == Call::positive ? kMalignant : kBenign, ""});
  const ReadingEvaluation evaluation = evaluate_readings(table);
  const Evaluation expected = evaluate(table.predictions);
  for (const auto field : {&LevelEvaluation::accuracy, &LevelEvaluation::recall, &LevelEvaluation::f1}) {
    CHECK((evaluation.reader.*field).value == (expected.images.*field).value);
    CHECK((evaluation.reader.*field).interval->low == (expected.images.*field).interval->low);
    CHECK((evaluation.model.*field).interval->high == (expected.images.*field).interval->high);
  }
  CHECK(evaluation.reader_and_model.kappa.value.value() == 1);
  CHECK(evaluation.gain[0].interval->high == 0);
}

TEST_CASE("what cannot be evaluated is refused with its cause") {
  ReadingTable table = ten_images();
  table.readings[3].after = "odd";
  CHECK_THROWS_WITH(evaluate_readings(table), Contains("d: reading \"odd\""));
  table.readings.assign(10, {});
  CHECK_THROWS_WITH(evaluate_readings(table), Contains("nothing to evaluate"));
  table.readings.pop_back();
  CHECK_THROWS_AS(evaluate_readings(table), std::logic_error);
}

TEST_CASE("reading.csv has a line an image that was read, reading.json every figure") {
  ReadingTable table = ten_images();
  table.readings[1] = {};
  const std::string csv = to_csv(table);
  CHECK(csv.substr(0, csv.find('\n')) == "path,patient,label,reading_first,reading_after,call");
  CHECK_THAT(csv, Contains("\na,p1,malignant,malignant,,malignant\nc,p2,malignant,benign,malignant,malignant\n"));
  CHECK_THAT(csv, Contains("\ne,p3,malignant,malignant,,no result\n"));
  const auto json = nlohmann::json::parse(to_json(evaluate_readings(ten_images())));
  CHECK(json["research_use_only"] == std::string(kResearchUseOnly));
  CHECK(json["reader"]["figures"]["recall"]["count"] == 4);
  CHECK(json["reader"]["figures"]["recall"]["n"] == 6);
  CHECK(json["model"]["figures"]["accuracy"]["n"] == 9);
  CHECK(json["changed"]["wrong_to_right"] == 3);
  CHECK(json["kappa"]["reader"]["n"] == 9);
  CHECK(json["gain"]["f1"]["value"].is_number());
}

TEST_CASE("a figure that has no denominator is null and says why") {
  ReadingTable table;
  table.predictions = make_table({{"a", kBenign, "p1", -2}, {"b", kBenign, "p2", -2}});
  table.readings = {{kBenign, ""}, {kBenign, ""}};
  const auto json = nlohmann::json::parse(to_json(evaluate_readings(table)));
  CHECK(json["reader"]["figures"]["recall"]["value"].is_null());
  CHECK(json["reader"]["figures"]["recall"]["why"] == "no decided case is malignant");
  CHECK(json["gain"]["recall"]["value"].is_null());
  CHECK(json["kappa"]["reader"]["value"].is_null());
}
