#include "operating_points.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <stdexcept>

#include "lobule/number_text.h"
#include "lobule/operating_point.h"
#include "out_of_fold.h"

namespace lobule {
namespace {

constexpr double kSmallestProbability = 1e-12;  // as prediction tables from elsewhere have it

double log_odds(double probability) {
  const double p = std::clamp(probability, kSmallestProbability, 1 - kSmallestProbability);
  return std::log(p / (1 - p));
}

void require_two_classes(const PredictionTable& table) {
  if (table.class_names.size() != 2) throw std::logic_error("operating points: two classes only");
}

Prediction prediction_from(double positive_logit, const PredictionTable& table) {
  std::vector<double> logits(2, 0.0);
  logits[static_cast<std::size_t>(table.positive_class)] = positive_logit;
  return prediction_of(std::move(logits), table.positive_class, table.threshold_low, table.threshold_high);
}

/// Logits moved so that the threshold's probability becomes a half.
void centre_on(PredictionTable& table, double threshold) {
  for (PredictionRow& row : table.rows) {
    if (!row.prediction.logits.empty()) row.prediction = prediction_from(log_odds(row.prediction.p_positive) - log_odds(threshold), table);
  }
}

double mean(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()); }

/// Of an even number of values the mean of the middle two.
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::vector<double> probabilities_of(const std::vector<double>& logits) {
  std::vector<double> probabilities;
  for (const double logit : logits) probabilities.push_back(1 / (1 + std::exp(-logit)));
  return probabilities;
}

double share_of_positives(const std::vector<double>& logits) {
  const auto positives = std::count_if(logits.begin(), logits.end(), [](double logit) { return logit >= 0; });
  return static_cast<double>(positives) / static_cast<double>(logits.size());
}

/// A row a patient whose labels agree; its images' log odds beside it.
std::map<std::string, std::pair<std::string, std::vector<double>>> group_patients(const PredictionTable& table) {
  std::map<std::string, std::pair<std::string, std::vector<double>>> patients;
  std::map<std::string, bool> is_mixed;
  for (const PredictionRow& row : table.rows) {
    if (row.label.empty() || row.patient.empty() || row.prediction.logits.empty() || !row.prediction.refusal.empty()) continue;
    auto& [label, logits] = patients[row.patient];
    if (logits.empty()) label = row.label;
    is_mixed[row.patient] |= label != row.label;
    logits.push_back(log_odds(row.prediction.p_positive));
  }
  std::erase_if(patients, [&](const auto& item) { return is_mixed.at(item.first); });
  return patients;
}

}  // namespace

std::string rule_text(const ThresholdRule& rule) {
  if (rule.name == "half") return "0.5";
  return rule.name == "youden" ? "Youden" : "sensitivity " + shortest(rule.sensitivity);
}

double choose_threshold(const PredictionTable& table, const ThresholdRule& rule) {
  if (rule.name == "half") return 0.5;
  std::vector<ScoredCase> cases;
  for (const PredictionRow& row : table.rows) {
    if (row.label.empty() || row.prediction.logits.empty()) continue;
    cases.push_back({row.prediction.p_positive, row.label == table.class_names.at(static_cast<std::size_t>(table.positive_class))});
  }
  if (rule.name != "youden" && rule.name != "sensitivity") throw std::logic_error("choose_threshold: unknown rule " + rule.name);
  const Figure threshold = rule.name == "youden" ? threshold_at_youden(cases) : threshold_at_sensitivity(cases, rule.sensitivity);
  if (!threshold) throw std::runtime_error("a threshold needs images of both classes with a probability");
  return *threshold;
}

void set_threshold(PredictionTable& table, double threshold) {
  table.threshold_low = table.threshold_high = threshold;
  for (PredictionRow& row : table.rows) decide(row.prediction, threshold, threshold);
}

OperatingPoint cross_fitted(const std::vector<PredictionTable>& folds, const ThresholdRule& rule) {
  if (folds.size() < 2) throw std::logic_error("cross_fitted: needs two folds");
  require_two_classes(folds.front());
  OperatingPoint point;
  point.rule = rule;
  std::vector<PredictionTable> centred = folds;
  for (std::size_t fold = 0; fold < folds.size(); ++fold) {
    std::vector<PredictionTable> others = folds;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(fold));
    const double temperature = fit_temperature(others).temperature;
    for (PredictionTable& other : others) divide_logits(other, temperature);
    divide_logits(centred[fold], temperature);
    centre_on(centred[fold], choose_threshold(merge_predictions(others), rule));
  }
  std::vector<PredictionTable> all = folds;
  const double temperature = fit_temperature(folds).temperature;
  for (PredictionTable& table : all) divide_logits(table, temperature);
  point.threshold = choose_threshold(merge_predictions(all), rule);
  Evaluation evaluation = evaluate(merge_predictions(centred));
  point.images = std::move(evaluation.images);
  point.patients = std::move(evaluation.patients);
  return point;
}

std::vector<PatientAggregation> compare_aggregations(const PredictionTable& table) {
  require_two_classes(table);
  const std::pair<const char*, std::function<double(const std::vector<double>&)>> rules[] = {
      {"mean of logits", [](const std::vector<double>& logits) { return mean(logits); }},
      {"median of logits", [](const std::vector<double>& logits) { return median(logits); }},
      {"mean of probabilities", [](const std::vector<double>& logits) { return log_odds(mean(probabilities_of(logits))); }},
      {"share of images called positive", [](const std::vector<double>& logits) { return log_odds(share_of_positives(logits)); }},
      {"highest probability", [](const std::vector<double>& logits) { return *std::max_element(logits.begin(), logits.end()); }}};
  const auto patients = group_patients(table);
  if (patients.empty()) return {};
  std::vector<PatientAggregation> compared;
  for (const auto& [name, positive_logit] : rules) {
    PredictionTable of_patients;
    of_patients.class_names = table.class_names;
    of_patients.positive_class = table.positive_class;
    for (const auto& [patient, images] : patients) {
      PredictionRow row;
      row.path = row.patient = patient;
      row.label = images.first;
      row.prediction = prediction_from(positive_logit(images.second), of_patients);
      of_patients.rows.push_back(std::move(row));
    }
    compared.push_back({name, evaluate(of_patients).images});
  }
  return compared;
}

}  // namespace lobule
