#include "cross_validation.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "atomic_file.h"
#include "dataset_evaluation.h"
#include "device.h"
#include "host_memory.h"
#include "lobule/csv.h"
#include "lobule/number_text.h"
#include "lobule/report.h"
#include "operating_points_report.h"
#include "options_difference.h"
#include "out_of_fold.h"
#include "split.h"
#include "train_run.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFolds = "folds.csv";
constexpr const char* kSummary = "crossval.csv";
constexpr const char* kFinalSets = "final.csv";

fs::path repeat_folder(const CrossvalArguments& arguments, int repeat) { return fs::path(arguments.training.out) / ("repeat" + std::to_string(repeat)); }

int count_repeats(const CrossvalArguments& arguments) { return arguments.splits.empty() ? arguments.repeats : static_cast<int>(arguments.splits.size()); }

std::uint64_t seed_of(const CrossvalArguments& arguments, int repeat) { return new_options(arguments.training).seed + static_cast<std::uint64_t>(repeat) - 1; }

/// Draws or copies the folds of the repeats that have none yet.
void write_folds(const CrossvalArguments& arguments) {
  std::optional<Dataset> dataset;
  PixelHashes hashes;
  for (int repeat = 1; repeat <= count_repeats(arguments); ++repeat) {
    const fs::path file = repeat_folder(arguments, repeat) / kFolds;
    const bool is_there = fs::exists(file);
    if (!arguments.splits.empty()) {
      const std::string& split = arguments.splits[static_cast<std::size_t>(repeat) - 1];
      const std::string text = read_file(split);
      if (is_there && read_file(file) != text) throw std::runtime_error(file.string() + ": are other folds than those of " + split + "; choose another --out");
      if (is_there) continue;
      create_folder(file.parent_path());
      write_file_atomically(file, text);
      continue;
    }
    if (is_there) continue;
    if (!dataset) {
      dataset = read_dataset(arguments.training.data);
      std::cerr << dataset->samples.size() << " images; comparing their pixels" << std::endl;
      hashes = hash_images(*dataset, arguments.training.threads);
    }
    create_folder(file.parent_path());
    write_file_atomically(file, fold_csv(*dataset, fold_by_patient(*dataset, hashes, arguments.folds, seed_of(arguments, repeat))));
  }
}

int count_folds_of(const CrossvalArguments& arguments, int repeat) {
  const fs::path file = repeat_folder(arguments, repeat) / kFolds;
  try {
    const int folds = count_folds(read_file(file));
    if (arguments.splits.empty() && folds != arguments.folds) {
      throw std::runtime_error("has " + std::to_string(folds) + " folds, not " + std::to_string(arguments.folds) + "; choose another --out");
    }
    return folds;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error((arguments.splits.empty() ? file.string() : arguments.splits[static_cast<std::size_t>(repeat) - 1]) + ": " + error.what());
  }
}

TrainArguments arguments_of_fold(const CrossvalArguments& arguments, int repeat, int fold) {
  TrainArguments training = arguments.training;
  const fs::path folder = repeat_folder(arguments, repeat);
  training.out = (folder / ("fold" + std::to_string(fold))).string();
  training.split = (folder / kFolds).string();
  training.fold = fold;
  training.options.seed = seed_of(arguments, repeat);
  training.given.insert("seed");
  training.resume = fs::exists(fs::path(training.out) / run_file::kConfig);
  return training;
}

/// A finished run has its card, which is written last. One whose command now asks for something that takes no training, such as another share of the tuned
/// weights, is to go on from its last checkpoint. Throws where it was trained with other options.
bool is_finished(const TrainArguments& training) {
  if (!fs::exists(fs::path(training.out) / run_file::kCard)) return false;
  const RunConfig config = read_run_config(training.out);
  const std::string saved = to_json(saved_train_options(config));
  const std::string difference = options_difference(saved, to_json(new_options(training)));
  if (!difference.empty()) throw std::runtime_error(training.out + ": was trained with other options: " + difference + "; choose another --out");
  return saved == to_json(resumed_options(training, config));
}

/// Each image's prediction by the model that was not trained on it.
std::vector<PredictionTable> read_folds(const std::vector<fs::path>& runs) {
  std::vector<PredictionTable> folds;
  for (const fs::path& run : runs) folds.push_back(read_prediction_table(run / "predictions.csv"));
  return folds;
}

/// What a repeat's folds say together.
struct RepeatResult {
  std::vector<PredictionTable> folds;
  Evaluation evaluation;    // calibrated
  Figure uncalibrated_ece;  // of images
};

RepeatResult finish_repeat(const CrossvalArguments& arguments, int repeat, const std::vector<fs::path>& runs) {
  RepeatResult result;
  result.folds = read_folds(runs);
  EvaluationOptions no_intervals;
  no_intervals.bootstrap_replicates = 0;
  result.uncalibrated_ece = evaluate(merge_predictions(result.folds), no_intervals).images.ece.value;
  const PredictionTable table = merge_predictions(arguments.training.no_validation ? cross_calibrated(result.folds) : result.folds);
  result.evaluation = evaluate(table);
  write_evaluation(repeat_folder(arguments, repeat), table, result.evaluation, "Out-of-fold evaluation, " + std::to_string(runs.size()) + " folds by patient");
  if (arguments.training.no_validation) {
    write_file_atomically(repeat_folder(arguments, repeat) / "operating_points.md", operating_points_report(result.folds, arguments.threshold.sensitivity));
  }
  return result;
}

std::vector<std::string> summary_header() {
  return {"repeat",           "seed",      "images",     "patients", "image_auc", "image_auc_low", "image_auc_high", "balanced_accuracy", "patient_auc",
          "image_ece_before", "image_ece", "patient_ece"};
}

std::string cell(const Figure& figure) { return figure ? shortest(*figure) : ""; }

std::vector<std::string> summary_row(const CrossvalArguments& arguments, int repeat, const RepeatResult& result) {
  const Evaluation& evaluation = result.evaluation;
  const LevelEvaluation& images = evaluation.images;
  const auto& interval = images.auc.interval;
  return {std::to_string(repeat),
          std::to_string(seed_of(arguments, repeat)),
          std::to_string(images.cases),
          std::to_string(evaluation.patients.cases),
          cell(images.auc.value),
          interval ? shortest(interval->low) : "",
          interval ? shortest(interval->high) : "",
          cell(images.balanced_accuracy.value),
          cell(evaluation.patients.auc.value),
          cell(result.uncalibrated_ece),
          cell(images.ece.value),
          cell(evaluation.patients.ece.value)};
}

void say_repeat(int repeat, const Evaluation& evaluation) {
  std::cout << "repeat " << repeat << ": ROC AUC of images " << figure_text(evaluation.images.auc) << ", of patients " << figure_text(evaluation.patients.auc)
            << "; balanced accuracy of images " << figure_text(evaluation.images.balanced_accuracy) << std::endl;
}

/// On all images, with the first repeat's seed.
TrainingEnd train_final(const CrossvalArguments& arguments, const OutOfFold& out_of_fold) {
  TrainArguments training = arguments.training;
  training.out = (fs::path(arguments.training.out) / "final").string();
  training.split = (fs::path(arguments.training.out) / kFinalSets).string();
  training.resume = fs::exists(fs::path(training.out) / run_file::kConfig);
  const bool has_scope = fs::exists(fs::path(training.out) / run_file::kScope);
  const bool has_threshold = read_calibration(training.out).threshold_rule == rule_text(arguments.threshold);
  if (is_finished(training) && has_threshold && has_scope == out_of_fold.scope.has_value()) return TrainingEnd::done;
  Dataset dataset = read_dataset(training.data);
  for (Sample& sample : dataset.samples) sample.set = SetName::train;
  write_file_atomically(training.split, split_csv(dataset));
  std::cerr << "\nthe final model, on all images" << std::endl;
  return run_train(training, out_of_fold);
}

/// Fold of each sample, as the first repeat has them.
std::vector<int> folds_of(const CrossvalArguments& arguments, Dataset dataset, int fold_count) {
  std::vector<int> folds(dataset.samples.size(), 0);
  for (int fold = 0; fold < fold_count; ++fold) {
    apply_split(dataset, repeat_folder(arguments, 1) / kFolds, fold);
    for (const std::size_t i : samples_in(dataset, SetName::test)) folds[i] = fold;
  }
  return folds;
}

/// Of the first repeat's models.
ScopeStudy study_folds(const CrossvalArguments& arguments) {
  keep_freed_memory();
  if (arguments.training.threads > 0) torch::set_num_threads(arguments.training.threads);
  const int fold_count = count_folds_of(arguments, 1);
  std::vector<fs::path> models;
  for (int fold = 0; fold < fold_count; ++fold) models.push_back(repeat_folder(arguments, 1) / ("fold" + std::to_string(fold)) / run_file::kModel);
  const TrainOptions options = new_options(arguments.training);
  const Dataset own = read_dataset(arguments.training.data);
  const auto kinds = std::make_shared<const ScopeKinds>(
      load_scope_images(own, folds_of(arguments, own, fold_count), fold_count, arguments.scope, input_of(options), arguments.training.threads));
  return study_scope(models, choose_device(arguments.training.device), kinds, options, arguments.training.threads);
}

}  // namespace

TrainingEnd run_cross_validation(const CrossvalArguments& arguments) {
  create_folder(arguments.training.out);
  const RunLock lock(arguments.training.out);
  write_folds(arguments);
  std::string summary = csv_line(summary_header());
  OutOfFold out_of_fold;
  out_of_fold.threshold = arguments.threshold;
  for (int repeat = 1; repeat <= count_repeats(arguments); ++repeat) {
    std::vector<fs::path> runs;
    const int folds = count_folds_of(arguments, repeat);
    for (int fold = 0; fold < folds; ++fold) {
      const TrainArguments training = arguments_of_fold(arguments, repeat, fold);
      runs.emplace_back(training.out);
      if (is_finished(training)) continue;
      std::cerr << "\nrepeat " << repeat << " of " << count_repeats(arguments) << ", fold " << fold << " of 0 to " << folds - 1 << std::endl;
      if (run_train(training) == TrainingEnd::interrupted) return TrainingEnd::interrupted;
    }
    RepeatResult result = finish_repeat(arguments, repeat, runs);
    say_repeat(repeat, result.evaluation);
    summary += csv_line(summary_row(arguments, repeat, result));
    write_file_atomically(fs::path(arguments.training.out) / kSummary, summary);
    out_of_fold.repeats.push_back(result.evaluation.images.auc.value);
    if (repeat == 1) out_of_fold.folds = std::move(result.folds);
  }
  if (!arguments.scope.outside.empty()) out_of_fold.scope = study_folds(arguments);
  return arguments.refit ? train_final(arguments, out_of_fold) : TrainingEnd::done;
}

}  // namespace lobule
