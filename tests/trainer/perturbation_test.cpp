#include "perturbation.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "perturbation_report.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

PredictionRow row_of(const std::string& path, const std::string& label, double malignant_logit) {
  PredictionRow row;
  row.path = path;
  row.label = label;
  row.tensor_sha256 = "read";
  row.prediction = prediction_of({0, malignant_logit}, 1, 0.5, 0.5);
  return row;
}

PredictionTable table_of(std::vector<PredictionRow> rows) { return {{"benign", "malignant"}, 1, 0.5, 0.5, "digest", std::move(rows)}; }

PredictionTable clean_table() {
  return table_of({row_of("a", "benign", -2), row_of("b", "benign", -1), row_of("c", "malignant", 1), row_of("d", "malignant", 2)});
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

/// Every cell with the figures that were given, but the ROC AUC of each by its severity.
PerturbationTable whole_table(const PerturbedFigures& figures) {
  PerturbationTable table = {"digest", figures, {}};
  for (const Corruption corruption : kCorruptions) {
    for (int severity = 1; severity <= kSeverities; ++severity) {
      table.cells.push_back({corruption, severity, figures});
      table.cells.back().figures.auc = 1 - 0.1 * severity;
    }
  }
  return table;
}

}  // namespace

TEST_CASE("Against themselves images change neither probability nor call") {
  const PerturbedFigures figures = perturbed_figures(clean_table(), clean_table());
  CHECK(figures.images == 4);
  CHECK(figures.accuracy == 1);
  CHECK(figures.auc == 1);
  CHECK(figures.mean_abs_probability_change == 0);
  CHECK(figures.changed_call_rate == 0);
  CHECK(figures.no_result_rate == 0);
  CHECK(figures.refused_rate == 0);
}

TEST_CASE("A change of probability counts both ways, and of calls those decided before and after") {
  PredictionTable now = clean_table();
  now.rows[0] = row_of("a", "benign", 2);      // p from 0.119 to 0.881: another call
  now.rows[3] = row_of("d", "malignant", -2);  // and back
  std::swap(now.rows[1], now.rows[2]);         // rows are joined by path, not by place
  const PerturbedFigures figures = perturbed_figures(now, clean_table());
  CHECK(figures.accuracy == 0.5);
  CHECK(figures.changed_call_rate == 0.5);
  CHECK(*figures.mean_abs_probability_change == Approx((2 / (1 + std::exp(-2.0)) - 1) / 2));
}

TEST_CASE("Between the thresholds there is no result, which is no refusal; beyond them it is one") {
  PredictionTable now = clean_table();
  now.threshold_low = 0.3;  // b, at 0.269, stays decided
  now.threshold_high = 0.8;
  for (PredictionRow& row : now.rows) decide(row.prediction, 0.3, 0.8);  // c, at 0.731, is not
  refuse(now.rows[3].prediction, "Out of focus");                        // d, at 0.881
  const PerturbedFigures figures = perturbed_figures(now, clean_table());
  CHECK(figures.no_result_rate == 0.5);
  CHECK(figures.refused_rate == 0.25);
  CHECK(figures.accuracy == 1);  // of the two that were decided
  CHECK(figures.changed_call_rate == 0);
}

TEST_CASE("Images that could not be read count in no figure of robustness") {
  PredictionTable now = clean_table();
  now.rows[0].prediction = {};
  now.rows[0].tensor_sha256.clear();
  const PerturbedFigures figures = perturbed_figures(now, clean_table());
  CHECK(figures.images == 3);
  CHECK(figures.no_result_rate == 0);
  for (PredictionRow& row : now.rows) row.tensor_sha256.clear();
  const PerturbedFigures nothing = perturbed_figures(now, clean_table());
  CHECK(nothing.images == 0);
  CHECK(!nothing.auc);
  CHECK(!nothing.mean_abs_probability_change);
}

TEST_CASE("Figures of robustness are written for programs, for people and as charts on one scale") {
  PerturbedFigures figures;
  figures.images = 7;
  figures.auc = 0.875;
  const PerturbationTable table = whole_table(figures);

  const std::string csv = perturbations_csv(table);
  CHECK(count_of(csv, "\n") == 82);
  CHECK_THAT(csv, Contains("\nnone,0,7,,,0.875,,,,,,digest\n") && Contains("\nless_eosin,3,7,,,0.7,"));

  const std::string svg = perturbations_svg(table);
  CHECK(count_of(svg, "<polyline class=\"curve solid\"") == 16);
  CHECK(count_of(svg, "<polyline class=\"curve dashed\"") == 0);  // balanced accuracy is undefined
  CHECK(count_of(svg, ">0.50<") + count_of(svg, ">0.5<") == 16);
  CHECK_THAT(svg, Contains(">zoom_in, severity<") && Contains("prefers-color-scheme: dark") && Contains("translate(984.0 1000.0)") && !Contains("nan"));

  const std::string text = perturbations_text(table);
  CHECK_THAT(text, Contains("7 images") && Contains("ROC AUC 0.875") && Contains("\nmean               "));
  CHECK(count_of(text, "0.900  0.800  0.700  0.600  0.500") == 17);
}
