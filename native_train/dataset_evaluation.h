#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "classify.h"
#include "dataset.h"
#include "lobule/evaluation.h"
#include "lobule/prediction_table.h"
#include "model_runner.h"

namespace lobule {

/// A sample's case and truth.
PredictionRow unpredicted_row(const Dataset& dataset, const Sample& sample);

/// The chosen samples' (indices) names and files.
std::vector<ImageFile> image_files(const Dataset& dataset, std::span<const std::size_t> chosen);

/// How predict_dataset goes about it; none of it changes a result.
struct PredictionSite {
  std::size_t batch_size = 32;
  int threads = 0;  // that decode; 0: one per processor
  double max_bad_share = 0.05;
  bool name_unreadable = true;  // on stderr; false: they were named before
};

/// Classifies the chosen samples (indices), a row each with case, truth and prediction. Progress goes to stderr every 500 images; unreadable images are named there
/// and get no result. Throws std::runtime_error when more than max_bad_share of them are unreadable, or the model lacks a class of the data.
PredictionTable predict_dataset(const ModelRunner& model, const Dataset& dataset, std::span<const std::size_t> chosen, const PredictionSite& site);

/// Reads predictions.csv, or a table of other software (parse_prediction_table). Throws std::runtime_error naming the file and the cause.
PredictionTable read_prediction_table(const std::filesystem::path& file);

/// evaluation.json without curves, cases and subsets, as one JSON object: what a model file carries of its evaluation. folds: of so many models trained alike,
/// each on the others' patients; 0: of the model itself.
std::string evaluation_summary(const Evaluation& evaluation, int folds = 0);
/// The same from evaluation.json's text. Throws std::runtime_error when it is none.
std::string evaluation_summary(const std::string& evaluation_json);

/// predictions.csv, classification_report.txt, report.html, and last evaluation.json: where it is, the others are.
void write_evaluation(const std::filesystem::path& folder, const PredictionTable& table, const Evaluation& evaluation, const std::string& title);

}  // namespace lobule
