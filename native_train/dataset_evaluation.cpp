#include "dataset_evaluation.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "atomic_file.h"
#include "image_set.h"
#include "lobule/report.h"
#include "utf8.h"

namespace lobule {
namespace {

/// Names, not numbers, join a data set's classes to a model's.
void check_same_classes(const Dataset& dataset, const ModelSpec& spec) {
  for (const std::string& name : dataset.class_names) {
    if (std::find(spec.class_names.begin(), spec.class_names.end(), name) != spec.class_names.end()) continue;
    std::string known;
    for (const std::string& other : spec.class_names) known += (known.empty() ? "" : ", ") + other;
    throw std::runtime_error(dataset.root.string() + ": has the class " + name + "; the model knows " + known);
  }
}

PredictionRow row_of(const Dataset& dataset, const Sample& sample, const Classified& result) {
  PredictionRow row = unpredicted_row(dataset, sample);
  row.tensor_sha256 = result.tensor_sha256;
  row.prediction = result.prediction;
  return row;
}

}  // namespace

PredictionRow unpredicted_row(const Dataset& dataset, const Sample& sample) {
  PredictionRow row;
  row.path = sample.path;
  if (has_known_patient(sample)) row.patient = sample.patient;  // tables leave it empty otherwise, as the page does
  row.slide = sample.slide;
  row.magnification = sample.magnification;
  row.subtype = sample.subtype;
  row.source = sample.source;
  row.label = dataset.class_names[static_cast<std::size_t>(sample.label)];
  return row;
}

std::vector<ImageFile> image_files(const Dataset& dataset, std::span<const std::size_t> chosen) {
  std::vector<ImageFile> files;
  for (const std::size_t i : chosen) files.push_back({dataset.samples[i].path, dataset.samples[i].file, dataset.samples[i].magnification});
  return files;
}

PredictionTable predict_dataset(const ModelRunner& model, const Dataset& dataset, std::span<const std::size_t> chosen, const PredictionSite& site) {
  check_same_classes(dataset, model.spec());
  const std::vector<ImageFile> files = image_files(dataset, chosen);
  std::size_t told = 0;
  const auto progress = [&](std::size_t done) {
    constexpr std::size_t kStep = 500;
    if (done / kStep == told / kStep && done < files.size()) return;
    told = done;
    std::cerr << done << " of " << files.size() << " images\n";
  };
  const std::vector<Classified> results = classify_images(model, files, site.batch_size, site.threads, progress);

  std::vector<LoadFailure> failures;
  PredictionTable table = empty_table(model);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!results[i].error.empty()) failures.push_back({chosen[i], results[i].error});
    table.rows.push_back(row_of(dataset, dataset.samples[chosen[i]], results[i]));
  }
  const auto judge = site.name_unreadable ? report_failures : check_bad_share;
  judge(failures, chosen.size(), site.max_bad_share);
  return table;
}

PredictionTable read_prediction_table(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  if (!is_utf8(text)) throw std::runtime_error(file.string() + ": is not UTF-8 text");
  try {
    return parse_prediction_table(text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

std::string evaluation_summary(const Evaluation& evaluation, int folds) {
  const std::string summary = evaluation_summary(to_json(evaluation));
  if (folds == 0) return summary;
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(summary);
  json["folds"] = folds;
  return json.dump();
}

std::string evaluation_summary(const std::string& evaluation_json) {
  try {
    nlohmann::ordered_json json = nlohmann::ordered_json::parse(evaluation_json);
    std::size_t patients = json.at("patients").at("n").get<std::size_t>();
    for (const nlohmann::ordered_json& patient : json.at("patient_results")) patients += patient.at("label") == "" ? 1 : 0;  // in no figure of patients
    json["patient_count"] = patients;
    for (const char* key : {"model_sha256", "patient_results", "subsets"}) json.erase(key);
    if (json.contains("without_gates") && json.at("without_gates").is_object()) json.at("without_gates").erase("subsets");
    for (const char* level : {"images", "patients"}) {
      for (const char* curve : {"roc", "pr", "reliability", "decision"}) json.at(level).erase(curve);
    }
    return json.dump();
  } catch (const nlohmann::ordered_json::exception& error) {
    throw std::runtime_error(std::string("not an evaluation: ") + error.what());
  }
}

void write_evaluation(const std::filesystem::path& folder, const PredictionTable& table, const Evaluation& evaluation, const std::string& title) {
  create_folder(folder);
  write_file_atomically(folder / "predictions.csv", to_csv(table));
  write_file_atomically(folder / "classification_report.txt", classification_report(evaluation));
  write_file_atomically(folder / "report.html", html_report(evaluation, title));
  write_file_atomically(folder / "evaluation.json", to_json(evaluation));
}

}  // namespace lobule
