#include "lobule/comparison.h"

#include <stdexcept>
#include <vector>

#include "cluster_bootstrap.h"
#include "evaluated_cases.h"
#include "figure_json.h"
#include "json_text.h"
#include "lobule/csv.h"
#include "lobule/number_text.h"
#include "matched_tables.h"
#include "weighted_figures.h"

namespace lobule {
namespace {

constexpr std::size_t kAuc = figure_index("auc");
constexpr std::size_t kBalancedAccuracy = figure_index("balanced_accuracy");

struct FigureName {
  std::string_view key;
  std::string_view title;
};
constexpr std::array<FigureName, kComparedFigures> kNames = {{{"image_auc", "ROC AUC of images"},
                                                              {"image_auc_equal_patients", "ROC AUC of images, all patients weighing the same"},
                                                              {"image_balanced_accuracy", "Balanced accuracy of images"},
                                                              {"patient_auc", "ROC AUC of patients"}}};
using ComparedValues = std::array<Figure, kComparedFigures>;  // in the order of kNames

/// Not those whose patient's label is unclear. Patients have the numbers that image_cases gives them, so that a draw means the same ones.
std::vector<EvaluatedCase> comparable_patients(const Rows& rows, const PredictionTable& table) {
  std::vector<EvaluatedCase> cases;
  int patient = 0;
  for (const auto& [name, images] : group_by_patient(rows)) {
    const PatientResult result = patient_result(name, images, table);
    if (!result.label.empty()) cases.push_back(evaluated_case(result.prediction, class_index(table, *images.front()), patient, table));
    ++patient;
  }
  return cases;
}

/// One table's part of a comparison.
class TableFigures {
 public:
  TableFigures(const Rows& rows, const LevelCases& images, const PredictionTable& table)
      : image_cases_(images.cases),
        patient_cases_(comparable_patients(rows, table)),
        images_(image_cases_, images.patients, classes_of(table), table.positive_class),
        patients_(patient_cases_, images.patients, classes_of(table), table.positive_class) {}

  const std::vector<EvaluatedCase>& image_cases() const { return image_cases_; }
  const std::vector<EvaluatedCase>& patient_cases() const { return patient_cases_; }

  ComparedValues values(const std::vector<std::int64_t>& weights) const {
    const FigureValues of_images = images_.figures(weights);
    return {of_images[kAuc], images_.auc_of_equal_patients(weights), of_images[kBalancedAccuracy], patients_.figures(weights)[kAuc]};
  }

 private:
  static int classes_of(const PredictionTable& table) { return static_cast<int>(table.class_names.size()); }

  std::vector<EvaluatedCase> image_cases_;
  std::vector<EvaluatedCase> patient_cases_;
  WeightedFigures images_;
  WeightedFigures patients_;
};

/// Of the same cases, in the same order.
PairedCalls paired_calls(const std::vector<EvaluatedCase>& a, const std::vector<EvaluatedCase>& b) {
  std::vector<PairedCall> calls;
  for (std::size_t i = 0; i < a.size(); ++i) {
    calls.push_back({a[i].predicted >= 0 && b[i].predicted >= 0, a[i].predicted == a[i].truth, b[i].predicted == b[i].truth});
  }
  return count_paired_calls(calls);
}

ComparedValues mean_values(std::span<const TableFigures> tables, const std::vector<std::int64_t>& weights) {
  ComparedValues mean;
  mean.fill(0);
  for (const TableFigures& table : tables) {
    const ComparedValues values = table.values(weights);
    for (std::size_t i = 0; i < kComparedFigures; ++i) mean[i] = mean[i] && values[i] ? Figure(*mean[i] + *values[i]) : std::nullopt;
  }
  for (Figure& figure : mean) {
    if (figure) *figure /= static_cast<double>(tables.size());
  }
  return mean;
}

Figure difference(const Figure& a, const Figure& b) { return a && b ? Figure(*a - *b) : std::nullopt; }

std::int64_t count_unscored(const Rows& rows) {
  std::int64_t count = 0;
  for (const PredictionRow* row : rows) count += row->prediction.logits.empty() ? 1 : 0;
  return count;
}

void set_figures(std::span<const TableFigures> a, std::span<const TableFigures> b, Comparison& comparison) {
  const auto replicate = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    const ComparedValues of_a = mean_values(a, weights);
    const ComparedValues of_b = mean_values(b, weights);
    for (std::size_t i = 0; i < kComparedFigures; ++i) {
      values[3 * i] = of_a[i];
      values[3 * i + 1] = of_b[i];
      values[3 * i + 2] = difference(of_a[i], of_b[i]);
    }
  };
  const auto patients = static_cast<int>(comparison.patients);
  std::vector<Figure> values(3 * kComparedFigures);
  replicate(std::vector<std::int64_t>(static_cast<std::size_t>(patients), 1), values);
  const std::vector<std::optional<Interval>> intervals = bootstrap_intervals(patients, values.size(), replicate, comparison.options);
  const auto estimated = [&](std::size_t i) { return EstimatedFigure{values[i], values[i] ? intervals[i] : std::nullopt}; };
  for (std::size_t i = 0; i < kComparedFigures; ++i) {
    comparison.figures[i] = {kNames[i].key, kNames[i].title, estimated(3 * i), estimated(3 * i + 1), estimated(3 * i + 2)};
  }
}

}  // namespace

Comparison compare(std::span<const NamedTable> a, std::span<const NamedTable> b, const EvaluationOptions& options) {
  if (a.empty() || b.empty()) throw std::logic_error("compare: a side has no table");
  std::vector<const NamedTable*> named;
  for (const NamedTable& table : a) named.push_back(&table);
  for (const NamedTable& table : b) named.push_back(&table);
  const std::vector<PredictionTable> tables = matched_tables(named);

  Comparison comparison;
  comparison.options = options;
  std::vector<TableFigures> figures;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const Rows rows = labelled_rows(tables[t]);
    if (rows.empty()) throw std::runtime_error(named.front()->name + ": no image has a label, here or in the other tables: there is nothing to compare");
    const LevelCases images = image_cases(rows, tables[t]);
    figures.emplace_back(rows, images, tables[t]);
    (t < a.size() ? comparison.unscored_a : comparison.unscored_b) += count_unscored(rows);
    if (t > 0) continue;
    comparison.images = static_cast<std::int64_t>(rows.size());
    comparison.unlabelled = static_cast<std::int64_t>(tables[t].rows.size() - rows.size());
    comparison.patients = images.patients;
    for (const EvaluatedCase& image : images.cases) comparison.positives += image.truth == tables[t].positive_class ? 1 : 0;
  }
  set_figures(std::span(figures).first(a.size()), std::span(figures).subspan(a.size()), comparison);
  if (a.size() == 1 && b.size() == 1) {
    comparison.image_calls = paired_calls(figures.front().image_cases(), figures.back().image_cases());
    comparison.patient_calls = paired_calls(figures.front().patient_cases(), figures.back().patient_cases());
  }
  return comparison;
}

namespace {

using Json = nlohmann::ordered_json;

Json calls_json(const std::optional<PairedCalls>& calls) {
  if (!calls) return {};
  return {{"both_right", calls->both_right}, {"only_a", calls->only_a},       {"only_b", calls->only_b},
          {"neither", calls->neither},       {"undecided", calls->undecided}, {"p_value", calls->p_value}};
}

}  // namespace

std::string to_json(const Comparison& comparison) {
  Json figures = Json::object();
  for (const ComparedFigure& figure : comparison.figures) {
    figures[std::string(figure.key)] = {
        {"title", figure.title}, {"a", estimate_json(figure.a)}, {"b", estimate_json(figure.b)}, {"difference", estimate_json(figure.difference)}};
  }
  return json_text({{"research_use_only", kResearchUseOnly},
                    {"kind", "lobule comparison"},
                    {"schema_version", 1},
                    {"images", comparison.images},
                    {"positives", comparison.positives},
                    {"patients", comparison.patients},
                    {"unlabelled", comparison.unlabelled},
                    {"intervals", intervals_json(comparison.options, "95 % percentile bootstrap over patients, the same draws on both sides")},
                    {"figures", figures},
                    {"image_calls", calls_json(comparison.image_calls)},
                    {"patient_calls", calls_json(comparison.patient_calls)}});
}

std::string to_csv(const Comparison& comparison) {
  std::string text = csv_line({"figure", "a", "a_low", "a_high", "b", "b_low", "b_high", "difference", "difference_low", "difference_high"});
  for (const ComparedFigure& figure : comparison.figures) {
    std::vector<std::string> fields = {std::string(figure.key)};
    for (const EstimatedFigure* estimate : {&figure.a, &figure.b, &figure.difference}) {
      fields.push_back(estimate->value ? shortest(*estimate->value) : "");
      fields.push_back(estimate->interval ? shortest(estimate->interval->low) : "");
      fields.push_back(estimate->interval ? shortest(estimate->interval->high) : "");
    }
    text += csv_line(fields);
  }
  return text;
}

}  // namespace lobule
