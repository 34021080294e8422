#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lobule/evaluation.h"
#include "lobule/prediction_table.h"

namespace lobule {

/// What a reader called an image, as class names, before the model's call was shown and after.
struct Reading {
  std::string first;  // empty: not read
  std::string after;  // empty: the first reading stands

  const std::string& with_model() const { return after.empty() ? first : after; }
};

/// A model's predictions with a reader's calls of the same images.
struct ReadingTable {
  PredictionTable predictions;
  std::vector<Reading> readings;  // of predictions.rows, in their order
};

inline constexpr std::array<std::string_view, 5> kReadingFigures = {"accuracy", "recall", "specificity", "precision", "f1"};

/// Agreement beyond chance (Cohen, Educational and Psychological Measurement 20, 1960) of a reading with the model's call, over images that the model decided.
struct Agreement {
  std::int64_t images = 0;
  std::int64_t agreed = 0;
  EstimatedFigure kappa;
};

/// The reader alone, the model alone and the reader with the model, on the images that were read and have a label. Intervals as evaluate() has them; a replicate
/// draws the same patients for all three.
struct ReadingEvaluation {
  std::vector<std::string> class_names;
  int positive_class = 1;
  double threshold_low = 0.5;
  double threshold_high = 0.5;
  std::string model_digest;
  std::int64_t images = 0;
  std::int64_t positives = 0;   // of them
  std::int64_t patients = 0;    // an image of unknown patient counts as one of its own
  std::int64_t unread = 0;      // rows that no reader called
  std::int64_t unlabelled = 0;  // rows that were read and have no label: not evaluated
  // Counts, confusion and the figures of kReadingFigures; of the model, those of the images that it decided.
  LevelEvaluation reader;
  LevelEvaluation model;
  LevelEvaluation reader_with_model;
  std::array<EstimatedFigure, kReadingFigures.size()> gain;  // reader with model minus reader alone
  std::int64_t changed = 0;                                  // readings that were another once the call was known
  std::int64_t wrong_to_right = 0;                           // of them
  std::int64_t right_to_wrong = 0;
  Agreement reader_and_model;
  Agreement reader_with_model_and_model;
  EvaluationOptions options;
};

/// Throws std::runtime_error when a label or a reading is not one of the class names, or no row has both; std::logic_error unless there is a reading a row.
ReadingEvaluation evaluate_readings(const ReadingTable& table, const EvaluationOptions& options = {});

/// reading.json: {"research_use_only", "kind": "lobule reading", "schema_version": 1, "model_sha256", "classes", "positive", "threshold_low", "threshold_high",
/// "images", "positives", "patients", "unread", "unlabelled", "intervals", "reader": {"n", "no_result", "counts", "confusion", "figures": {"accuracy": {"value",
/// "low", "high", "count", "n", "why"}, ...}}, "model", "reader_with_model", "gain": {"accuracy": {"value", "low", "high"}, ...}, "changed": {"n",
/// "wrong_to_right", "right_to_wrong"}, "kappa": {"reader": {"value", "low", "high", "count", "n"}, "reader_with_model"}}. count and why where they apply.
std::string to_json(const ReadingEvaluation& evaluation);

/// reading.csv, a line an image that was read: path,patient,label,reading_first,reading_after,call.
std::string to_csv(const ReadingTable& table);

}  // namespace lobule
