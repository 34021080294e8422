#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lobule/metrics.h"
#include "lobule/prediction_table.h"

namespace lobule {

struct EvaluationOptions {
  int bootstrap_replicates = 1000;  // 0: no intervals
  std::uint64_t bootstrap_seed = 1;
};

/// A figure with its 95 % percentile interval from a bootstrap over patients (Efron 1979; clusters: Field & Welsh 2007); the interval is absent
/// when fewer than two patients, or when more than 5 % of the replicates leave the figure undefined.
struct EstimatedFigure {
  Figure value;
  std::optional<Interval> interval;
};

/// Pointwise 95 % intervals of a curve's height at some places, of the bootstrap that the figures' intervals are of. Empty without intervals.
struct CurveBand {
  std::vector<double> at;                          // on the curve's x axis
  std::vector<std::optional<Interval>> intervals;  // as many
};

/// Every figure of one level (images or patients) or of a subset of it.
struct LevelEvaluation {
  std::int64_t cases = 0;                       // labelled
  std::int64_t scored = 0;                      // of them with a probability and not refused: what AUC, average precision, Brier, ECE and log loss are of
  std::int64_t positives = 0;                   // of them
  std::int64_t no_result = 0;                   // left out of the counts below: undecided, refused, or not answered by the network
  std::int64_t refused = 0;                     // of those without a result: by a gate (scope, quality)
  std::int64_t undecided = 0;                   // of those without a result: between the thresholds
  BinaryCounts counts;                          // positive class against the rest, by call
  ConfusionMatrix confusion{2};                 // by call for K = 2 (decided cases); by the largest logit for K > 2
  EstimatedFigure accuracy, balanced_accuracy;  // of the confusion matrix: all classes
  EstimatedFigure precision, recall, specificity, f1, mcc;  // of the counts: the positive class
  EstimatedFigure auc, average_precision, brier, ece, log_loss;
  std::vector<RocPoint> roc;
  std::vector<PrPoint> pr;
  std::vector<ReliabilityBin> reliability;
  std::vector<DecisionPoint> decision;
  // Not of subsets. Sensitivity at false positive rates (vertical averaging, Fawcett 2006), precision where a recall is first reached, the positive rate of
  // each reliability bin (at its middle), net benefit at thresholds.
  CurveBand roc_band, pr_band, reliability_band, decision_band;
};

/// One patient: mean logits over its images that have a probability and were not refused; without such an image, no result.
struct PatientResult {
  std::string patient;
  std::string label;  // empty: none, or its images disagree
  int images = 0;
  int images_refused = 0;  // of them, which do not speak for the patient
  int images_correct = 0;  // labelled, decided and called rightly
  Prediction prediction;
};

struct Subset {
  std::string field;  // "magnification", "subtype", "source"
  std::string value;
  LevelEvaluation images;
};

/// The figures of all cases with a probability, as if no gate had refused any.
struct WithoutGates {
  LevelEvaluation images;
  LevelEvaluation patients;
  EstimatedFigure patient_recognition_rate;
  std::vector<Subset> subsets;
};

struct Evaluation {
  std::vector<std::string> class_names;
  int positive_class = 1;
  double threshold_low = 0.5;
  double threshold_high = 0.5;
  std::string model_digest;
  std::int64_t unlabelled = 0;  // rows without a label: not evaluated
  LevelEvaluation images;
  LevelEvaluation patients;
  /// Mean over patients of (images called rightly / images, refused ones among them): the BreaKHis paper's patient score (Spanhol 2016, eq. 1-2).
  EstimatedFigure patient_recognition_rate;
  std::vector<PatientResult> patient_results;  // of the labelled rows that name a patient, sorted by patient
  std::vector<Subset> subsets;                 // by magnification, subtype, source; sorted by value; a field with one value only is left out
  std::optional<WithoutGates> without_gates;   // where a gate refused an image
  EvaluationOptions options;
};

/// The patients of a table (labelled or not), sorted by patient; images without a patient are left out here. evaluate() lists the same of the
/// labelled rows alone.
std::vector<PatientResult> patient_results(const PredictionTable& table);

/// A sentence on the patients whose images disagree, as where each patch has its own label: they are in no figure of patients. "": there are none.
std::string patients_without_label(const Evaluation& evaluation);

/// Every figure from the table, a pure function: no clock, no locale, no unordered iteration. Throws std::runtime_error when a label is not one of the
/// class names, or no row is labelled.
Evaluation evaluate(const PredictionTable& table, const EvaluationOptions& options = {});

/// evaluation.json: the same bytes natively and in the page. Figures lie under images.figures.<name>.value, null where undefined, with the reason
/// in images.undefined; curves are given for the whole set, not for its subsets.
std::string to_json(const Evaluation& evaluation);

/// Reads evaluation.json back: what to_json gives of it are the same bytes. Throws std::runtime_error with the cause for anything else.
Evaluation parse_evaluation(std::string_view json);

}  // namespace lobule
