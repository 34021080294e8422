#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lobule/evaluation.h"
#include "lobule/paired_calls.h"
#include "lobule/prediction_table.h"

namespace lobule {

/// A table and what messages call it: its file.
struct NamedTable {
  std::string name;
  PredictionTable predictions;
};

/// A figure of A, of B, and A minus B, each with its 95 % percentile interval: a replicate draws the same patients in all tables.
struct ComparedFigure {
  std::string_view key;    // "image_auc"
  std::string_view title;  // "ROC AUC of images"
  EstimatedFigure a;
  EstimatedFigure b;
  EstimatedFigure difference;
};

inline constexpr std::size_t kComparedFigures = 4;

/// Two sides' predictions of the same images. Images, patients and their figures are those of the labelled rows.
struct Comparison {
  std::int64_t images = 0;
  std::int64_t positives = 0;  // of them
  std::int64_t patients = 0;   // an image of unknown patient counts as one of its own
  std::int64_t unlabelled = 0;
  std::int64_t unscored_a = 0;  // predictions of labelled images that have no probability, in all tables of the side: not in its AUC
  std::int64_t unscored_b = 0;
  /// image_auc, image_balanced_accuracy and patient_auc (of mean logits) as evaluate() gives them; image_auc_equal_patients, in which an image weighs 1 / the
  /// images of its patient.
  std::array<ComparedFigure, kComparedFigures> figures;
  // Who called what rightly; none where a side has several tables, whose calls have no mean.
  std::optional<PairedCalls> image_calls;
  std::optional<PairedCalls> patient_calls;
  EvaluationOptions options;
};

/// Compares two models by their predictions of the same images, paired (Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 8). A side may
/// have several tables, such as repeats of a cross-validation: its figure is the mean of theirs, undefined where one of them is. Rows are matched by path;
/// what one table leaves empty of a case, its label or its patient, another may say. Throws std::runtime_error naming tables and image where tables have
/// other images, a path twice, another positive class, or contradict each other's label or patient, and where no image has a label; std::logic_error for a
/// side without a table.
Comparison compare(std::span<const NamedTable> a, std::span<const NamedTable> b, const EvaluationOptions& options = {});

/// A line a figure: figure,a,a_low,a_high,b,b_low,b_high,difference,difference_low,difference_high, empty where undefined.
std::string to_csv(const Comparison& comparison);

/// comparison.json: {"research_use_only", "kind": "lobule comparison", "schema_version": 1, "images", "positives", "patients", "unlabelled", "intervals", "figures":
/// {"image_auc": {"title", "a": {"value", "low", "high"}, "b", "difference"}, ...}, "image_calls": {"both_right", "only_a", "only_b", "neither", "undecided",
/// "p_value"} or null, "patient_calls"}.
std::string to_json(const Comparison& comparison);

}  // namespace lobule
