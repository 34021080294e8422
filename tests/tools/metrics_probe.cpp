// Lets tests/python hold the core's figures against scikit-learn: a table on stdin, the core's answer on stdout.
//   metrics_probe scores                 lines "score label" (label 0 or 1)              -> JSON of every figure and curve
//   metrics_probe confusion K            lines "truth predicted" (0..K-1)                -> JSON of accuracy and balanced accuracy
//   metrics_probe evaluation REPLICATES  a predictions.csv                               -> evaluation.json
//   metrics_probe report|html|csv|json   a predictions.csv                               -> that file (report and html without intervals)
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "lobule/metrics.h"
#include "lobule/number_text.h"
#include "lobule/prediction_table.h"
#include "lobule/report.h"

namespace {

using Json = nlohmann::ordered_json;

Json figure_json(const lobule::Figure& figure) { return figure ? Json(*figure) : Json(); }

Json score_figures() {
  std::vector<lobule::ScoredCase> cases;
  lobule::BinaryCounts counts;  // at a threshold of 0.5
  std::string score;
  int label = 0;
  while (std::cin >> score >> label) {
    const double value = lobule::parse_double(score).value();
    cases.push_back({value, label == 1});
    (label == 1 ? (value >= 0.5 ? counts.true_positive : counts.false_negative) : (value >= 0.5 ? counts.false_positive : counts.true_negative)) += 1;
  }
  Json roc = Json::array();
  for (const lobule::RocPoint& point : lobule::roc_curve(cases)) roc.push_back({point.false_positive_rate, point.true_positive_rate, point.threshold});
  Json pr = Json::array();
  for (const lobule::PrPoint& point : lobule::pr_curve(cases)) pr.push_back({point.precision, point.recall, point.threshold});
  Json bins = Json::array();
  for (const lobule::ReliabilityBin& bin : lobule::reliability_bins(cases, 10)) bins.push_back({bin.count, bin.mean_probability, bin.positive_rate});
  return {{"accuracy", figure_json(lobule::accuracy(counts))},
          {"balanced_accuracy", figure_json(lobule::balanced_accuracy(counts))},
          {"precision", figure_json(lobule::precision(counts))},
          {"recall", figure_json(lobule::recall(counts))},
          {"specificity", figure_json(lobule::specificity(counts))},
          {"npv", figure_json(lobule::negative_predictive_value(counts))},
          {"f1", figure_json(lobule::f1_score(counts))},
          {"mcc", figure_json(lobule::matthews_correlation(counts))},
          {"auc", figure_json(lobule::roc_auc(cases))},
          {"average_precision", figure_json(lobule::average_precision(cases))},
          {"brier", figure_json(lobule::brier_score(cases))},
          {"log_loss", figure_json(lobule::log_loss(cases))},
          {"ece", figure_json(lobule::expected_calibration_error(cases, 10))},
          {"roc", roc},
          {"pr", pr},
          {"bins", bins}};
}

Json confusion_figures(int classes) {
  lobule::ConfusionMatrix confusion(classes);
  int truth = 0;
  int predicted = 0;
  while (std::cin >> truth >> predicted) confusion.add(truth, predicted);
  Json rows = Json::array();
  for (int t = 0; t < classes; ++t) {
    Json row = Json::array();
    for (int p = 0; p < classes; ++p) row.push_back(confusion.at(t, p));
    rows.push_back(row);
  }
  return {{"confusion", rows}, {"accuracy", figure_json(confusion.accuracy())}, {"balanced_accuracy", figure_json(confusion.balanced_accuracy())}};
}

std::string answer(const std::string& question, const std::string& argument) {
  if (question == "scores") return score_figures().dump();
  if (question == "confusion") return confusion_figures(std::stoi(argument)).dump();
  const std::string csv((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  const lobule::PredictionTable table = lobule::parse_prediction_table(csv);
  if (question == "csv") return lobule::to_csv(table);
  if (question == "json") return lobule::to_json(table);
  lobule::EvaluationOptions options;
  options.bootstrap_replicates = argument.empty() ? 0 : std::stoi(argument);
  const lobule::Evaluation evaluation = lobule::evaluate(table, options);
  if (question == "evaluation") return lobule::to_json(evaluation);
  if (question == "report") return lobule::classification_report(evaluation);
  if (question == "html") return lobule::html_report(evaluation, "Evaluation");
  throw std::runtime_error("metrics_probe knows scores, confusion, evaluation, report, html, csv and json");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::cout << answer(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
