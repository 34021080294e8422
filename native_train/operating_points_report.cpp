#include "operating_points_report.h"

#include <sstream>

#include "lobule/number_text.h"
#include "lobule/report.h"
#include "operating_points.h"

namespace lobule {
namespace {

void write_row(std::ostream& out, const std::vector<std::string>& cells) {
  out << "|";
  for (const std::string& cell : cells) out << " " << cell << " |";
  out << "\n";
}

void write_points(std::ostream& out, const std::vector<PredictionTable>& folds, double sensitivity) {
  out << "Cross-fitted: the images of each fold are called by a threshold that the images of the other folds chose, so that none of these figures is of "
         "patients to "
         "whom a threshold was fitted. As if no gate refused any; the threshold in the table is the one that all folds choose.\n\n"
      << "| threshold on the probability | level | sensitivity | specificity | balanced accuracy | F1 |\n|---|---|---|---|---|---|\n";
  for (const std::string rule : {"half", "youden", "sensitivity"}) {
    const OperatingPoint point = cross_fitted(folds, {rule, sensitivity});
    const std::string name = rule == "half" ? "0.5" : rule_text(point.rule) + ": " + fixed(point.threshold, 3);
    for (const auto& [level_name, level] : {std::pair("images", &point.images), std::pair("patients", &point.patients)}) {
      write_row(out, {name, std::to_string(level->cases) + " " + level_name, figure_text(level->recall), figure_text(level->specificity),
                      figure_text(level->balanced_accuracy), figure_text(level->f1)});
    }
  }
}

void write_aggregations(std::ostream& out, const std::vector<PredictionTable>& folds) {
  const std::vector<PatientAggregation> aggregations = compare_aggregations(merge_predictions(cross_calibrated(folds)));
  if (aggregations.empty()) return;
  out << "\nWays from a patient's images to its probability, called positive from 0.5 on (" << aggregations.front().patients.cases
      << " patients whose images have one label; the first way is what lobule does):\n\n"
      << "| patient | AUC | balanced accuracy | sensitivity | specificity | expected calibration error |\n|---|---|---|---|---|---|\n";
  for (const PatientAggregation& way : aggregations) {
    const LevelEvaluation& level = way.patients;
    write_row(out, {way.name, figure_text(level.auc), figure_text(level.balanced_accuracy), figure_text(level.recall), figure_text(level.specificity),
                    figure_text(level.ece)});
  }
}

}  // namespace

std::string operating_points_report(const std::vector<PredictionTable>& folds, double sensitivity) {
  if (folds.front().class_names.size() != 2) return "";
  std::ostringstream out;
  write_points(out, folds, sensitivity);
  write_aggregations(out, folds);
  return out.str();
}

}  // namespace lobule
