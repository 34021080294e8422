#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lobule {

struct ExportOptions {
  std::filesystem::path out = {};  // empty: model.onnx in the run folder
  std::string name = {};           // for people; empty: the run's name
  bool half_weights = false;       // store weights as float16
  bool with_patients = false;      // name the patients of training and validation
};

struct ExportResult {
  std::filesystem::path file;
  std::size_t bytes = 0;
  std::string digest;
  double distance = 0;  // largest |logit of the file - logit of the checkpoint| over the golden inputs
  double limit = 0;     // what it may be
  std::vector<std::uint64_t> golden_seeds;
};

/// Writes a run's best weights as a model file: graph, specification, golden vectors (got by executing the file), training, history, and the summary of the run
/// folder's evaluation.json where there is one. Nothing is written unless the file reads back, computes its golden vectors and
/// agrees with the checkpoint. Throws std::runtime_error naming the file or folder and the cause.
ExportResult export_model(const std::filesystem::path& run_dir, const ExportOptions& options = {});

}  // namespace lobule
