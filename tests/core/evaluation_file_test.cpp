#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lobule/evaluation.h"
#include "lobule/evaluation_charts.h"
#include "lobule/evaluator.h"
#include "lobule/report.h"
#include "prediction_tables.h"

using namespace lobule;
using Catch::Contains;

namespace {

PredictionTable gated_table() {
  PredictionTable table = large_table(60, 12);
  refuse(table.rows[3].prediction, "Out of focus");
  refuse(table.rows[17].prediction, "Not histopathology");
  table.rows[20].label.clear();
  return table;
}

/// Pointwise quantiles of the slow way: each replicate's own curve from its copied cases.
double sensitivity_at(const std::vector<RocPoint>& curve, double rate) {
  for (std::size_t i = 1; i < curve.size(); ++i) {
    if (curve[i].false_positive_rate <= rate) continue;
    const double share = (rate - curve[i - 1].false_positive_rate) / (curve[i].false_positive_rate - curve[i - 1].false_positive_rate);
    return curve[i - 1].true_positive_rate + share * (curve[i].true_positive_rate - curve[i - 1].true_positive_rate);
  }
  return 1;
}

}  // namespace

TEST_CASE("An evaluation that is read back writes the same bytes") {
  for (const EvaluationOptions options : {EvaluationOptions{40, 7}, EvaluationOptions{0, 1}}) {
    const std::string json = to_json(evaluate(gated_table(), options));
    const Evaluation read = parse_evaluation(json);
    CHECK(to_json(read) == json);
    CHECK(html_report(read, "t") == html_report(evaluate(gated_table(), options), "t"));
  }
  // One class alone: no curve, undefined figures.
  const std::string json = to_json(evaluate(make_table({{"a", "benign", "p", 1}, {"b", "benign", "q", -1}}), {10, 1}));
  CHECK(to_json(parse_evaluation(json)) == json);
}

TEST_CASE("What is no evaluation is refused with the cause") {
  CHECK_THROWS_WITH(parse_evaluation("{"), "is not JSON, or not all of it");
  CHECK_THROWS_WITH(parse_evaluation("[]"), "is not an evaluation of lobule");
  CHECK_THROWS_WITH(parse_evaluation(R"({"kind": "lobule session"})"), "is not an evaluation of lobule");
  auto json = nlohmann::json::parse(to_json(evaluate(gated_table(), {10, 1})));
  const auto refused = [&](const char* pointer, const nlohmann::json& value) {
    auto damaged = json;
    damaged[nlohmann::json::json_pointer(pointer)] = value;
    return damaged.dump();
  };
  CHECK_THROWS_WITH(parse_evaluation(refused("/schema_version", 2)), Contains("another version"));
  CHECK_THROWS_WITH(parse_evaluation(refused("/positive", "unknown")), Contains("a positive one that is none of them"));
  CHECK_THROWS_WITH(parse_evaluation(refused("/images/n", -1)), "its \"n\" is no count");
  CHECK_THROWS_WITH(parse_evaluation(refused("/patients/scored", 3'000'000'000)), "its \"scored\" is no count");
  CHECK_THROWS_WITH(parse_evaluation(refused("/threshold_low", 0.9)), Contains("0 <= low <= high <= 1"));
  CHECK_THROWS_WITH(parse_evaluation(refused("/images/pr/band/high", "no list")), "its \"band\" has no lists of limits");
  CHECK_THROWS_WITH(parse_evaluation(refused("/images/confusion", {{1, 2}})), Contains("confusion matrix"));
  CHECK_THROWS_WITH(parse_evaluation(refused("/images/roc/false_positive_rate", {0.5})), "the columns of its \"roc\" have different lengths");
  CHECK_THROWS_WITH(parse_evaluation(refused("/images/roc/band/low", {0.5})), "the columns of its \"band\" have different lengths");
  CHECK_THROWS_WITH(parse_evaluation(refused("/images/figures/auc/value", "high")), Contains("which it cannot be"));
  auto one_without = json;
  one_without["images"]["reliability"][0].erase("rate_low");
  CHECK_THROWS_WITH(parse_evaluation(one_without.dump()), "some bins of its \"reliability\" lack limits that others have");
  json.erase("patients");
  CHECK_THROWS_WITH(parse_evaluation(json.dump()), "has no \"patients\"");
}

TEST_CASE("Curves' bands are percentiles of the replicates' own curves") {
  // Two patients a class; a replicate in which a class is missing has no curve, so that there are few enough of those only by chance: 40 patients.
  const Evaluation evaluation = evaluate(large_table(200, 40), {200, 3});
  const LevelEvaluation& images = evaluation.images;
  REQUIRE(images.roc_band.at.size() == 21);
  REQUIRE(images.roc_band.intervals[4]);
  CHECK(images.roc_band.at[4] == 0.2);
  for (const CurveBand* band : {&images.roc_band, &images.pr_band, &images.decision_band}) {
    for (std::size_t i = 0; i < band->at.size(); ++i) {
      if (band->intervals[i]) CHECK(band->intervals[i]->low <= band->intervals[i]->high);
    }
  }
  // The curve of the data itself lies within its band nearly everywhere: 95 % pointwise.
  int inside = 0;
  for (std::size_t i = 0; i < images.roc_band.at.size(); ++i) {
    const double at = sensitivity_at(images.roc, images.roc_band.at[i]);
    inside += images.roc_band.intervals[i]->low <= at && at <= images.roc_band.intervals[i]->high ? 1 : 0;
  }
  CHECK(inside >= 20);
  for (std::size_t i = 0; i < images.reliability.size(); ++i) {
    const auto& interval = images.reliability_band.intervals[i];
    if (!interval) continue;
    CHECK(interval->low <= images.reliability[i].positive_rate);
    CHECK(images.reliability[i].positive_rate <= interval->high);
  }
  for (std::size_t i = 0; i < images.decision_band.at.size(); ++i) {
    const DecisionPoint& point = images.decision[5 * (i + 1) - 1];
    CHECK(point.threshold == Approx(images.decision_band.at[i]));
    REQUIRE(images.decision_band.intervals[i]);
    CHECK(images.decision_band.intervals[i]->low <= point.net_benefit);
    CHECK(point.net_benefit <= images.decision_band.intervals[i]->high);
  }
}

TEST_CASE("With equal patients a band has no width, and it is the curve") {
  // Every patient's images are the same: drawing other patients changes nothing but the share of the classes, which a ROC curve does not see.
  std::vector<Facts> images;
  for (int patient = 0; patient < 40; ++patient) {
    const bool malignant = patient % 2 == 0;
    for (const double logit : malignant ? std::vector<double>{-0.5, 1, 2} : std::vector<double>{-2, -1, 0.5}) {
      images.push_back({std::to_string(images.size()), malignant ? "malignant" : "benign", "p" + std::to_string(patient), logit});
    }
  }
  const LevelEvaluation level = evaluate(make_table(images), {100, 1}).images;
  for (std::size_t i = 0; i < level.roc_band.at.size(); ++i) {
    const double at = sensitivity_at(level.roc, level.roc_band.at[i]);
    CHECK(level.roc_band.intervals[i]->low == Approx(at));
    CHECK(level.roc_band.intervals[i]->high == Approx(at));
  }
}

TEST_CASE("Bands stay while a threshold moves without intervals") {
  Evaluator evaluator(large_table(60, 12), {50, 1});
  CHECK(evaluator.at(0.5, 0.5, false).images.roc_band.at.empty());
  const Evaluation whole = evaluator.at(0.5, 0.5);
  const Evaluation quick = evaluator.at(0.4, 0.4, false);
  CHECK(quick.images.roc_band.at == whole.images.roc_band.at);
  CHECK(quick.images.auc.interval->low == whole.images.auc.interval->low);
  CHECK_FALSE(quick.images.recall.interval);
}

TEST_CASE("Each chart is a file that stands alone, with its numbers") {
  const Evaluation evaluation = evaluate(gated_table(), {40, 7});
  for (const std::string_view chart : kChartNames) {
    const std::string svg = chart_svg(evaluation, chart);
    CHECK_THAT(svg, Catch::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"") && Catch::EndsWith("</svg>\n"));
    CHECK_THAT(svg, Contains("For Research Use Only"));
    CHECK_THAT(svg, !Contains("var(") && !Contains("<script") && !Contains("href"));
    const std::string csv = chart_csv(evaluation, chart);
    CHECK(std::count(csv.begin(), csv.end(), '\n') > 3);
  }
  CHECK_THAT(chart_svg(evaluation, "confusion_matrix"), Contains("class=\"share\"") && Contains("fill-opacity"));
  CHECK_THAT(chart_svg(evaluation, "roc"), Contains("class=\"band\"") && Contains("class=\"operating\""));
  CHECK_THAT(chart_csv(evaluation, "roc"), Contains("\ncurve,,0.0,0.0,,\n") && Contains("\ninterval,,0.05,,0"));
  CHECK_THAT(chart_csv(evaluation, "confusion_matrix"), Contains("benign,malignant," + std::to_string(evaluation.images.confusion.at(0, 1)) + "\n"));
  CHECK_THROWS_AS(chart_svg(evaluation, "pie"), std::logic_error);
  CHECK_THROWS_AS(chart_csv(evaluation, "pie"), std::logic_error);
}

TEST_CASE("A chart without what it needs says so, and names are no markup") {
  PredictionTable table = make_table({{"a", "benign", "p", 1}, {"b", "benign", "q", -1}});
  table.class_names[1] = "<malignant>";
  const Evaluation evaluation = evaluate(table, {0, 1});
  CHECK_THAT(chart_svg(evaluation, "roc"), Contains("No ROC curve") && Contains("&lt;malignant&gt;"));
  CHECK_THAT(chart_svg(evaluation, "confusion_matrix"), Contains("&lt;malignant&gt;") && !Contains("<malignant>"));
}

TEST_CASE("An evaluation that lacks figures of its curves is drawn all the same") {
  auto json = nlohmann::json::parse(to_json(evaluate(gated_table(), {0, 1})));
  for (const char* figure : {"auc", "average_precision", "ece"}) json["images"]["figures"][figure]["value"] = nullptr;
  json["images"]["n"] = 0;
  const Evaluation read = parse_evaluation(json.dump());
  CHECK_THAT(chart_svg(read, "roc"), Contains("AUC undefined"));
  CHECK_THAT(chart_svg(read, "precision_recall"), Contains("average precision undefined"));
  CHECK_THAT(chart_svg(read, "reliability"), Contains("calibration error undefined"));
}

TEST_CASE("Positives of a bin are counted back from its rate") {
  CHECK(positives_of({0, 1, 49, 0.5, 13.0 / 49}) == 13);
  CHECK(positives_of({0, 1, 0, 0, 0}) == 0);
}
