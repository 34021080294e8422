#include "lobule/evaluator.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>

#include "cluster_bootstrap.h"
#include "evaluated_level.h"

namespace lobule {
namespace {

std::vector<const Prediction*> predictions_of(const Rows& rows) {
  std::vector<const Prediction*> predictions;
  predictions.reserve(rows.size());
  for (const PredictionRow* row : rows) predictions.push_back(&row->prediction);
  return predictions;
}

/// A table and all its levels. It stays where it is: levels point into it.
class EvaluatedTable {
 public:
  explicit EvaluatedTable(PredictionTable table)
      : table_(std::move(table)), rows_(labelled_rows(table_)), classes_(static_cast<int>(table_.class_names.size())) {
    if (rows_.empty()) throw std::runtime_error("no image has a label: there is nothing to evaluate");
    images_.emplace(level_of(rows_, true));
    for (auto& [name, images] : group_by_patient(rows_)) groups_.push_back({images, patient_result(name, images, table_)});
    patients_.emplace(level_of_patients());
    add_subsets();
  }
  EvaluatedTable(const EvaluatedTable&) = delete;
  EvaluatedTable& operator=(const EvaluatedTable&) = delete;

  const PredictionTable& table() const { return table_; }

  void decide_all(double low, double high) {
    table_.threshold_low = low;
    table_.threshold_high = high;
    for (PredictionRow& row : table_.rows) decide(row.prediction, low, high);
    for (Group& group : groups_) {
      decide(group.result.prediction, low, high);
      group.result.images_correct = static_cast<int>(std::count_if(group.images.begin(), group.images.end(), [&](const PredictionRow* row) {
        return called_class(row->prediction, classes_, table_.positive_class) == class_index(table_, *row);
      }));
    }
  }

  LevelEvaluation images(const EvaluationOptions* options) { return images_->evaluate(options); }
  LevelEvaluation patients(const EvaluationOptions* options) { return patients_->evaluate(options); }

  std::vector<Subset> subsets(const EvaluationOptions* options) {
    std::vector<Subset> evaluated;
    for (auto& [field, value, level] : subsets_) evaluated.push_back({field, value, level.evaluate(options)});
    return evaluated;
  }

  /// Of those who have a name.
  std::vector<PatientResult> patient_results() const {
    std::vector<PatientResult> results;
    for (const Group& group : groups_) {
      if (!group.images.front()->patient.empty()) results.push_back(group.result);
    }
    return results;
  }

  EstimatedFigure recognition_rate(const EvaluationOptions* options) const {
    std::vector<double> rates;
    double sum = 0;
    for (const Group& group : groups_) {
      rates.push_back(static_cast<double>(group.result.images_correct) / group.result.images);
      sum += rates.back();
    }
    return {sum / static_cast<double>(rates.size()), options == nullptr ? std::nullopt : bootstrap_mean(rates, *options)};
  }

 private:
  struct Group {
    Rows images;
    PatientResult result;
  };
  struct SubsetLevel {
    std::string field;
    std::string value;
    EvaluatedLevel level;
  };

  EvaluatedLevel level_of(const Rows& rows, bool with_bands) const {
    return {image_cases(rows, table_), predictions_of(rows), classes_, table_.positive_class, with_bands};
  }

  EvaluatedLevel level_of_patients() const {
    LevelCases level;
    std::vector<const Prediction*> predictions;
    for (const Group& group : groups_) {
      if (group.result.label.empty()) continue;
      level.cases.push_back(evaluated_case(group.result.prediction, class_index(table_, *group.images.front()), level.patients++, table_));
      predictions.push_back(&group.result.prediction);
    }
    return {std::move(level), std::move(predictions), classes_, table_.positive_class, true};
  }

  /// By field; magnifications in the order of their numbers. Rows that do not say a field's value belong to none of its subsets.
  void add_subsets() {
    using Value = std::tuple<int, std::string>;
    for (const std::string field : {"magnification", "subtype", "source"}) {
      std::map<Value, Rows> rows_by_value;
      for (const PredictionRow* row : rows_) {
        Value value;
        if (field == "magnification" && row->magnification != 0) value = {row->magnification, std::to_string(row->magnification)};
        if (field == "subtype") value = {0, row->subtype};
        if (field == "source") value = {0, row->source};
        if (!std::get<1>(value).empty()) rows_by_value[value].push_back(row);
      }
      if (rows_by_value.size() < 2) continue;
      for (const auto& [value, rows] : rows_by_value) subsets_.push_back({field, std::get<1>(value), level_of(rows, false)});
    }
  }

  PredictionTable table_;
  Rows rows_;  // labelled
  int classes_;
  std::vector<Group> groups_;  // by patient
  std::optional<EvaluatedLevel> images_;
  std::optional<EvaluatedLevel> patients_;
  std::vector<SubsetLevel> subsets_;
};

/// The same predictions as the thresholds alone decide them; nothing where no gate refused any.
std::optional<PredictionTable> without_refusals(const PredictionTable& table) {
  const bool refused = std::any_of(table.rows.begin(), table.rows.end(), [](const PredictionRow& row) { return !row.prediction.refusal.empty(); });
  if (!refused) return std::nullopt;
  PredictionTable all = table;
  for (PredictionRow& row : all.rows) {
    if (row.prediction.refusal.empty()) continue;
    row.prediction.refusal.clear();
    decide(row.prediction, all.threshold_low, all.threshold_high);
  }
  return all;
}

}  // namespace

struct Evaluator::Tables {
  Tables(PredictionTable table, const EvaluationOptions& evaluation_options) : options(evaluation_options) {
    if (std::optional<PredictionTable> all = without_refusals(table)) ungated.emplace(std::move(*all));
    gated.emplace(std::move(table));
  }

  EvaluationOptions options;
  std::optional<EvaluatedTable> gated;
  std::optional<EvaluatedTable> ungated;  // where a gate refused an image
};

Evaluator::Evaluator(PredictionTable table, const EvaluationOptions& options) : tables_(std::make_unique<Tables>(std::move(table), options)) {}
Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

Evaluation Evaluator::at(double threshold_low, double threshold_high, bool with_intervals) {
  EvaluatedTable& gated = *tables_->gated;
  gated.decide_all(threshold_low, threshold_high);
  const EvaluationOptions* options = with_intervals ? &tables_->options : nullptr;
  const PredictionTable& table = gated.table();
  Evaluation evaluation;
  evaluation.class_names = table.class_names;
  evaluation.positive_class = table.positive_class;
  evaluation.threshold_low = threshold_low;
  evaluation.threshold_high = threshold_high;
  evaluation.model_digest = table.model_digest;
  evaluation.options = tables_->options;
  if (!with_intervals) evaluation.options.bootstrap_replicates = 0;
  evaluation.images = gated.images(options);
  evaluation.unlabelled = static_cast<std::int64_t>(table.rows.size()) - evaluation.images.cases;
  evaluation.patients = gated.patients(options);
  evaluation.patient_recognition_rate = gated.recognition_rate(options);
  evaluation.patient_results = gated.patient_results();
  evaluation.subsets = gated.subsets(options);
  if (tables_->ungated) {
    EvaluatedTable& all = *tables_->ungated;
    all.decide_all(threshold_low, threshold_high);
    evaluation.without_gates = {all.images(options), all.patients(options), all.recognition_rate(options), all.subsets(options)};
  }
  return evaluation;
}

}  // namespace lobule
