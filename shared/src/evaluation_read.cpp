// Reads what evaluation_json.cpp writes.
#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "level_figures.h"
#include "lobule/evaluation.h"

namespace lobule {
namespace {

using Json = nlohmann::json;

constexpr const char* kKind = "lobule evaluation";
constexpr int kSchemaVersion = 1;

/// A member that must be there.
const Json& member(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end()) throw std::runtime_error(std::string("has no \"") + key + '"');
  return *found;
}

template <typename Value>
Value value_of(const Json& object, const char* key) {
  try {
    return member(object, key).get<Value>();
  } catch (const Json::exception&) {
    throw std::runtime_error(std::string("its \"") + key + "\" is " + member(object, key).type_name() + ", which it cannot be");
  }
}

constexpr std::int64_t kMostCases = 2'000'000'000;  // fits an int, and sums stay far from overflow

bool is_count(const Json& json) { return json.is_number_integer() && json.get<std::int64_t>() >= 0 && json.get<std::int64_t>() <= kMostCases; }

std::int64_t count_of(const Json& object, const char* key) {
  const Json& json = member(object, key);
  if (!is_count(json)) throw std::runtime_error(std::string("its \"") + key + "\" is no count");
  return json.get<std::int64_t>();
}

Figure figure_or_null(const Json& object, const char* key) {
  const Json& json = member(object, key);
  if (json.is_null()) return std::nullopt;
  return value_of<double>(object, key);
}

std::optional<Interval> interval_of(const Figure& low, const Figure& high) {
  if (!low || !high) return std::nullopt;
  return Interval{*low, *high};
}

EstimatedFigure estimate_of(const Json& json) {
  return {figure_or_null(json, "value"), interval_of(figure_or_null(json, "low"), figure_or_null(json, "high"))};
}

/// A column of a curve; null, which JSON has for infinity, is otherwise.
std::vector<double> column_of(const Json& curve, const char* key, double otherwise = std::numeric_limits<double>::quiet_NaN()) {
  std::vector<double> column;
  const Json& list = member(curve, key);
  if (!list.is_array()) throw std::runtime_error(std::string("its \"") + key + "\" is no list");
  for (const Json& number : list) {
    if (!number.is_number() && !(number.is_null() && !std::isnan(otherwise))) throw std::runtime_error(std::string("its \"") + key + "\" holds no numbers");
    column.push_back(number.is_null() ? otherwise : number.get<double>());
  }
  return column;
}

void check_lengths(std::size_t first, std::size_t second, std::size_t third, const char* curve) {
  if (first != second || first != third) throw std::runtime_error(std::string("the columns of its \"") + curve + "\" have different lengths");
}

/// An older file has none.
CurveBand band_of(const Json& curve) {
  CurveBand band;
  const auto found = curve.find("band");
  if (found == curve.end()) return band;
  band.at = column_of(*found, "at");
  const Json& low = member(*found, "low");
  const Json& high = member(*found, "high");
  if (!low.is_array() || !high.is_array()) throw std::runtime_error("its \"band\" has no lists of limits");
  check_lengths(band.at.size(), low.size(), high.size(), "band");
  for (std::size_t i = 0; i < band.at.size(); ++i) {
    const auto number = [](const Json& json) { return json.is_number() ? Figure(json.get<double>()) : std::nullopt; };
    band.intervals.push_back(interval_of(number(low[i]), number(high[i])));
  }
  return band;
}

void read_curves(const Json& json, LevelEvaluation& level) {
  const Json& roc = member(json, "roc");
  const auto thresholds = column_of(roc, "threshold", std::numeric_limits<double>::infinity());
  const auto false_positive_rates = column_of(roc, "false_positive_rate");
  const auto true_positive_rates = column_of(roc, "true_positive_rate");
  check_lengths(thresholds.size(), false_positive_rates.size(), true_positive_rates.size(), "roc");
  for (std::size_t i = 0; i < thresholds.size(); ++i) level.roc.push_back({thresholds[i], false_positive_rates[i], true_positive_rates[i]});
  level.roc_band = band_of(roc);

  const Json& pr = member(json, "pr");
  const auto pr_thresholds = column_of(pr, "threshold");
  const auto precisions = column_of(pr, "precision");
  const auto recalls = column_of(pr, "recall");
  check_lengths(pr_thresholds.size(), precisions.size(), recalls.size(), "pr");
  for (std::size_t i = 0; i < recalls.size(); ++i) level.pr.push_back({pr_thresholds[i], precisions[i], recalls[i]});
  level.pr_band = band_of(pr);

  for (const Json& bin : member(json, "reliability")) {
    level.reliability.push_back({value_of<double>(bin, "low"), value_of<double>(bin, "high"), count_of(bin, "n"),
                                 figure_or_null(bin, "mean_probability").value_or(0), figure_or_null(bin, "positive_rate").value_or(0)});
    if (!bin.contains("rate_low")) continue;
    level.reliability_band.at.push_back((level.reliability.back().low + level.reliability.back().high) / 2);
    level.reliability_band.intervals.push_back(interval_of(figure_or_null(bin, "rate_low"), figure_or_null(bin, "rate_high")));
  }
  const std::size_t with_limits = level.reliability_band.at.size();
  if (with_limits != 0 && with_limits != level.reliability.size()) throw std::runtime_error("some bins of its \"reliability\" lack limits that others have");

  const auto decision = json.find("decision");  // files of the first versions have none
  if (decision == json.end()) return;
  const auto decision_thresholds = column_of(*decision, "threshold");
  const auto net_benefits = column_of(*decision, "net_benefit");
  const auto call_all = column_of(*decision, "call_all");
  check_lengths(decision_thresholds.size(), net_benefits.size(), call_all.size(), "decision");
  for (std::size_t i = 0; i < call_all.size(); ++i) level.decision.push_back({decision_thresholds[i], net_benefits[i], call_all[i]});
  level.decision_band = band_of(*decision);
}

LevelEvaluation level_of(const Json& json, int classes) {
  LevelEvaluation level;
  level.cases = count_of(json, "n");
  level.positives = count_of(json, "positives");
  level.scored = count_of(json, "scored");
  level.no_result = count_of(json, "no_result");
  level.refused = count_of(json, "refused");
  level.undecided = count_of(json, "undecided");
  const Json& counts = member(json, "counts");
  level.counts = {count_of(counts, "tp"), count_of(counts, "fp"), count_of(counts, "tn"), count_of(counts, "fn")};
  level.confusion = ConfusionMatrix(classes);
  const auto rows = value_of<std::vector<std::vector<std::int64_t>>>(json, "confusion");
  const auto has_width = [&](const std::vector<std::int64_t>& row) { return row.size() == static_cast<std::size_t>(classes); };
  if (rows.size() != static_cast<std::size_t>(classes) || !std::all_of(rows.begin(), rows.end(), has_width)) {
    throw std::runtime_error("its confusion matrix has not a row and a column for each class");
  }
  for (int truth = 0; truth < classes; ++truth) {
    for (int predicted = 0; predicted < classes; ++predicted) {
      const std::int64_t count = rows[static_cast<std::size_t>(truth)][static_cast<std::size_t>(predicted)];
      if (count < 0 || count > kMostCases) throw std::runtime_error("its confusion matrix holds what is no count");
      level.confusion.add(truth, predicted, count);
    }
  }
  const Json& figures = member(json, "figures");
  for (const FigureField& field : kFigureFields) level.*field.field = estimate_of(member(figures, std::string(field.key).c_str()));
  return level;
}

LevelEvaluation level_with_curves_of(const Json& json, int classes) {
  LevelEvaluation level = level_of(json, classes);
  read_curves(json, level);
  return level;
}

std::vector<Subset> subsets_of(const Json& list, int classes) {
  std::vector<Subset> subsets;
  for (const Json& json : list) {
    subsets.push_back({value_of<std::string>(json, "field"), value_of<std::string>(json, "value"), level_of(member(json, "images"), classes)});
  }
  return subsets;
}

PatientResult patient_of(const Json& json, const Evaluation& evaluation) {
  PatientResult result;
  result.patient = value_of<std::string>(json, "patient");
  result.label = value_of<std::string>(json, "label");
  result.images = static_cast<int>(count_of(json, "images"));
  result.images_refused = static_cast<int>(count_of(json, "images_refused"));
  result.images_correct = static_cast<int>(count_of(json, "images_correct"));
  if (!member(json, "logits").is_null()) {
    auto logits = value_of<std::vector<double>>(json, "logits");
    if (logits.size() != evaluation.class_names.size()) throw std::runtime_error("a patient has not a logit for each class");
    result.prediction = prediction_of(std::move(logits), evaluation.positive_class, evaluation.threshold_low, evaluation.threshold_high);
  }
  result.prediction.reason = value_of<std::string>(json, "reason");
  return result;
}

Evaluation header_of(const Json& json) {
  Evaluation evaluation;
  evaluation.class_names = value_of<std::vector<std::string>>(json, "classes");
  const auto positive = std::find(evaluation.class_names.begin(), evaluation.class_names.end(), value_of<std::string>(json, "positive"));
  if (evaluation.class_names.size() < 2 || positive == evaluation.class_names.end()) {
    throw std::runtime_error("names fewer than two classes, or a positive one that is none of them");
  }
  evaluation.positive_class = static_cast<int>(positive - evaluation.class_names.begin());
  evaluation.threshold_low = value_of<double>(json, "threshold_low");
  evaluation.threshold_high = value_of<double>(json, "threshold_high");
  if (!(evaluation.threshold_low >= 0 && evaluation.threshold_low <= evaluation.threshold_high && evaluation.threshold_high <= 1)) {
    throw std::runtime_error("its thresholds are not 0 <= low <= high <= 1");
  }
  evaluation.model_digest = value_of<std::string>(json, "model_sha256");
  evaluation.unlabelled = count_of(json, "unlabelled");
  const Json& intervals = member(json, "intervals");
  evaluation.options = {static_cast<int>(count_of(intervals, "replicates")), value_of<std::uint64_t>(intervals, "seed")};
  return evaluation;
}

}  // namespace

Evaluation parse_evaluation(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw std::runtime_error("is not JSON, or not all of it");
  if (!json.is_object() || json.value("kind", Json()) != kKind) throw std::runtime_error("is not an evaluation of lobule");
  if (json.value("schema_version", Json()) != kSchemaVersion) throw std::runtime_error("is an evaluation of another version than 1, which this program reads");
  Evaluation evaluation = header_of(json);
  const auto classes = static_cast<int>(evaluation.class_names.size());
  evaluation.images = level_with_curves_of(member(json, "images"), classes);
  evaluation.patients = level_with_curves_of(member(json, "patients"), classes);
  evaluation.patient_recognition_rate = estimate_of(member(json, "patient_recognition_rate"));
  for (const Json& patient : member(json, "patient_results")) evaluation.patient_results.push_back(patient_of(patient, evaluation));
  evaluation.subsets = subsets_of(member(json, "subsets"), classes);
  const auto without_gates = json.find("without_gates");
  if (without_gates != json.end() && without_gates->is_object()) {
    evaluation.without_gates = {level_of(member(*without_gates, "images"), classes), level_of(member(*without_gates, "patients"), classes),
                                estimate_of(member(*without_gates, "patient_recognition_rate")), subsets_of(member(*without_gates, "subsets"), classes)};
  }
  return evaluation;
}

}  // namespace lobule
