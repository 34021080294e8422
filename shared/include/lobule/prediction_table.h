#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lobule/postprocess.h"

namespace lobule {

/// One image's case, truth and prediction.
struct PredictionRow {
  std::string path;
  std::string patient;  // empty: unknown; the image then counts as a patient of its own
  std::string slide;
  int magnification = 0;  // 0: unknown
  std::string subtype;
  std::string source;
  std::string label;          // true class name; empty: not labelled
  std::string tensor_sha256;  // of the preprocessed tensor; may be empty
  Prediction prediction;
  bool in_training = false;  // of a patient whom the model learned from: no test of it
};

/// Predictions of one model on a set of images: what evaluation is a pure function of, and what predictions.csv holds.
struct PredictionTable {
  std::vector<std::string> class_names;
  int positive_class = 1;
  double threshold_low = 0.5;
  double threshold_high = 0.5;
  std::string model_digest;  // empty when the table came from elsewhere
  std::vector<PredictionRow> rows;
};

/// Columns: path,label,patient,slide,magnification,subtype,source,logit_<class>...,p_<positive>,call,reason,threshold_low,threshold_high,
/// model_sha256,tensor_sha256, and in_training ("yes" or empty) where there is such an image. Numbers are empty where there is no answer. Reading back and writing
/// again gives the same bytes. The first line is the header; no comment lines.
std::string to_csv(const PredictionTable& table);

/// Reads predictions.csv, and tables from elsewhere that have at least path, label and p_<positive class> (logits are then 0 and
/// log(p / (1 - p)), p clipped to [1e-12, 1 - 1e-12]; thresholds 0.5; class names from the labels, negative first, K = 2). Of several p_ columns
/// p_malignant or p_idc is the positive one; columns that we do not know are ignored.
/// Throws std::runtime_error naming the line and the cause: numbers that are none, a label outside the classes, a probability that contradicts the
/// logits (by more than 1e-3) or the call, thresholds or a model_sha256 that change from line to line, an in_training that is neither yes nor empty.
PredictionTable parse_prediction_table(std::string_view csv);

/// {"research_use_only", "kind": "lobule predictions", "schema_version": 1, "model_sha256", "classes": [...], "positive", "threshold_low", "threshold_high",
/// "predictions": [{"path", "label", ..., "logits": [...], "probabilities": [...], "p_positive", "call", "reason", "refused", "tensor_sha256"}, ...]}, numbers null
/// where there is no answer; "in_training": true where it is so: `lobule predict --json` and the page's JSON export.
std::string to_json(const PredictionTable& table);

/// Takes out the images that are in_training; how many they were.
int leave_out_training(PredictionTable& table);

}  // namespace lobule
