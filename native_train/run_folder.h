#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "atomic_file.h"
#include "lobule/preprocess.h"
#include "lobule/scope.h"
#include "network.h"
#include "train_options.h"

namespace lobule {

/// Files of a run folder.
namespace run_file {
inline constexpr const char* kConfig = "config.json";
inline constexpr const char* kSplit = "split.csv";
inline constexpr const char* kUnreadable = "unreadable.csv";  // images that could not be read, and why; only where there are some
inline constexpr const char* kHistory = "history.jsonl";
inline constexpr const char* kCurves = "curves.svg";  // the history, drawn
inline constexpr const char* kCalibration = "calibration.json";
inline constexpr const char* kScope = "scope.json";  // only where images were given that the model is to refuse
inline constexpr const char* kLastCheckpoint = "checkpoints/last.safetensors";
inline constexpr const char* kPreviousCheckpoint = "checkpoints/previous.safetensors";
inline constexpr const char* kStartWeights = "checkpoints/start.safetensors";  // only where the result is blended with them
inline constexpr const char* kBestWeights = "checkpoints/best.safetensors";
inline constexpr const char* kEvents = "tensorboard";
inline constexpr const char* kModel = "model.onnx";
inline constexpr const char* kEvaluation = "evaluation.json";
inline constexpr const char* kCard = "card.md";
inline constexpr const char* kLrFinderTable = "lr_finder.csv";  // `lobule train --find-lr`, before there is a run
inline constexpr const char* kLrFinderChart = "lr_finder.svg";
}  // namespace run_file

/// A run's config.json: everything needed to build its network again and to say how it was trained.
struct RunConfig {
  std::string name;  // the model's, for people
  NetworkOptions network;
  InputSpec input;
  std::vector<std::string> class_names;
  int positive_class = 1;
  /// TrainOptions and provenance (data manifest hash, split counts, seed, versions) as a JSON object; no paths, no names
  /// of users or hosts.
  std::string training_json = "{}";
};

std::string to_json(const RunConfig& config);

/// Throws std::runtime_error naming the file and the cause.
RunConfig read_run_config(const std::filesystem::path& run_dir);
RunConfig read_run_config_file(const std::filesystem::path& file);

/// Temperature scaling (Guo 2017) fitted after training: on the validation set, or on out-of-fold predictions.
struct Calibration {
  double temperature = 1;  // the network's logits are divided by it
  double ece_before = 0;   // expected calibration error of what it was fitted to, 0..1
  double ece_after = 0;
  double threshold = 0.5;              // on the calibrated probability of the positive class
  std::string threshold_rule = "0.5";  // how that was chosen, for people
};

std::string to_json(const Calibration& calibration);

/// The options that the run trains with; those that an older lobule did not write are the network's defaults. Throws std::runtime_error as
/// parse_train_options does.
TrainOptions saved_train_options(const RunConfig& config);

/// What calibration.json says; temperature 1 where the run has none yet. Throws std::runtime_error naming the file and the cause.
Calibration read_calibration(const std::filesystem::path& run_dir);

/// What scope.json says; nothing where the run has none. Throws std::runtime_error naming the file and the cause.
std::optional<ModelScope> read_model_scope(const std::filesystem::path& run_dir);

/// The run's result put into the network: tuned_share times the weights of the best epoch (lowest validation loss) and, where that leaves a rest, the rest times
/// those that the training started from, batch norm's running figures likewise (WiSE-FT: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
/// Throws std::runtime_error naming the file, the tensor and the cause; the network may then hold one of the two.
void load_result_weights(const std::filesystem::path& run_dir, double tuned_share, Network& network);

/// A run folder held for writing. The hold ends with the object, or with the process however that dies.
class RunLock {
 public:
  /// Creates the folder where it is missing. Throws std::runtime_error when it cannot be written to, or when another
  /// process holds it.
  explicit RunLock(const std::filesystem::path& run_dir);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  int file_descriptor_;
};

/// True when the folder holds anything besides the lock file, the list of unreadable images and what else is written before a run's config.json: such a run has not begun.
bool holds_files(const std::filesystem::path& run_dir);

}  // namespace lobule
