#include "perturbation_report.h"

#include <algorithm>
#include <limits>

#include "lobule/csv.h"
#include "lobule/line_chart.h"
#include "lobule/number_text.h"
#include "text_table.h"

namespace lobule {
namespace {

constexpr std::size_t kChartsInARow = 4;

using Member = Figure PerturbedFigures::*;

std::string shortest_or_empty(const Figure& figure) { return figure ? shortest(*figure) : ""; }
std::string text_of(const Figure& figure) { return figure ? fixed(*figure, 3) : "-"; }
double value_or_gap(const Figure& figure) { return figure.value_or(std::numeric_limits<double>::quiet_NaN()); }

std::string csv_line_of(const std::string& corruption, int severity, const PerturbedFigures& figures, const std::string& model_digest) {
  return csv_line({corruption, std::to_string(severity), std::to_string(figures.images), shortest_or_empty(figures.accuracy),
                   shortest_or_empty(figures.balanced_accuracy), shortest_or_empty(figures.auc), shortest_or_empty(figures.ece),
                   shortest_or_empty(figures.no_result_rate), shortest_or_empty(figures.refused_rate), shortest_or_empty(figures.mean_abs_probability_change),
                   shortest_or_empty(figures.changed_call_rate), model_digest});
}

std::span<const PerturbedCell> cells_of(const PerturbationTable& table, Corruption corruption) {
  const auto is_of = [&](const PerturbedCell& cell) { return cell.corruption == corruption; };
  const auto first = std::find_if(table.cells.begin(), table.cells.end(), is_of);
  return {first, std::find_if_not(first, table.cells.end(), is_of)};
}

/// Of the cells where it is defined.
Figure mean_of(std::span<const PerturbedCell> cells, Member member) {
  double sum = 0;
  int count = 0;
  for (const PerturbedCell& cell : cells) {
    const Figure& figure = cell.figures.*member;
    if (!figure) continue;
    sum += *figure;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

LineChart chart_of(const PerturbationTable& table, Corruption corruption) {
  LineChart chart;
  chart.x_title = corruption_name(corruption) + ", severity";
  chart.y_title = "share";
  chart.x = {0};
  Curve auc{"ROC AUC", CurveStyle::solid, {value_or_gap(table.clean.auc)}};
  Curve balanced{"balanced accuracy", CurveStyle::dashed, {value_or_gap(table.clean.balanced_accuracy)}};
  for (const PerturbedCell& cell : cells_of(table, corruption)) {
    chart.x.push_back(cell.severity);
    auc.y.push_back(value_or_gap(cell.figures.auc));
    balanced.y.push_back(value_or_gap(cell.figures.balanced_accuracy));
  }
  chart.curves = {auc, balanced};
  return chart;
}

}  // namespace

std::string perturbations_csv(const PerturbationTable& table) {
  std::string text = csv_line({"corruption", "severity", "images", "accuracy", "balanced_accuracy", "auc", "ece", "no_result_rate", "refused_rate",
                               "mean_abs_probability_change", "changed_call_rate", "model_sha256"});
  text += csv_line_of("none", 0, table.clean, table.model_digest);
  for (const PerturbedCell& cell : table.cells) text += csv_line_of(corruption_name(cell.corruption), cell.severity, cell.figures, table.model_digest);
  return text;
}

std::string perturbations_svg(const PerturbationTable& table) {
  std::vector<LineChart> charts;
  double low = 1;  // of all, so that charts can be compared
  for (const Corruption corruption : kCorruptions) {
    charts.push_back(chart_of(table, corruption));
    for (const Curve& curve : charts.back().curves) {
      for (const double value : curve.y) low = std::min(low, value);  // a gap compares as false
    }
  }
  for (LineChart& chart : charts) {
    chart.y_low = low;
    chart.y_high = 1;
  }
  return line_charts_svg(charts, "ROC AUC and balanced accuracy of " + std::to_string(table.clean.images) + " images over the severity of 16 corruptions.",
                         kChartsInARow);
}

std::string perturbations_text(const PerturbationTable& table) {
  std::vector<TextColumn> columns = {{{"corruption"}}};
  for (int severity = 1; severity <= kSeverities; ++severity) columns.push_back({{(severity == 1 ? "ROC AUC at 1" : std::to_string(severity))}, true});
  const std::pair<const char*, Member> means[] = {{"balanced accuracy", &PerturbedFigures::balanced_accuracy},
                                                  {"change of p", &PerturbedFigures::mean_abs_probability_change},
                                                  {"other call", &PerturbedFigures::changed_call_rate},
                                                  {"no result", &PerturbedFigures::no_result_rate},
                                                  {"refused", &PerturbedFigures::refused_rate}};
  for (const auto& mean : means) columns.push_back({{mean.first}, true});
  const auto add_means = [&](std::span<const PerturbedCell> cells) {
    for (std::size_t i = 0; i < std::size(means); ++i) columns[1 + kSeverities + i].cells.push_back(text_of(mean_of(cells, means[i].second)));
  };
  for (const Corruption corruption : kCorruptions) {
    const std::span<const PerturbedCell> cells = cells_of(table, corruption);
    columns[0].cells.push_back(corruption_name(corruption));
    for (const PerturbedCell& cell : cells) columns[static_cast<std::size_t>(cell.severity)].cells.push_back(text_of(cell.figures.auc));
    add_means(cells);
  }
  columns[0].cells.emplace_back("mean");
  for (int severity = 1; severity <= kSeverities; ++severity) {
    std::vector<PerturbedCell> cells;
    std::copy_if(table.cells.begin(), table.cells.end(), std::back_inserter(cells), [&](const PerturbedCell& cell) { return cell.severity == severity; });
    columns[static_cast<std::size_t>(severity)].cells.push_back(text_of(mean_of(cells, &PerturbedFigures::auc)));
  }
  add_means(table.cells);
  const PerturbedFigures& clean = table.clean;
  return "Robustness: " + std::to_string(clean.images) + " images, each corrupted in 16 ways at severities 1 to 5. As they are: ROC AUC " + text_of(clean.auc) +
         ", balanced accuracy " + text_of(clean.balanced_accuracy) + ", no result " + text_of(clean.no_result_rate) +
         ".\nROC AUC at each severity; then means over the severities, as shares. docs/robustness.md says what each column is.\n\n" + text_table(columns);
}

}  // namespace lobule
