#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "operating_points.h"
#include "scope_images.h"
#include "train_arguments.h"
#include "training.h"

namespace lobule {

/// What the command line of `lobule crossval` says.
struct CrossvalArguments {
  TrainArguments training;          // of each fold, but for out, split, fold and seed
  int folds = 5;                    // that are drawn
  int repeats = 1;                  // so often, each with a seed of its own
  std::vector<std::string> splits;  // CSV files with folds, one a repeat, instead of those two
  bool refit = false;               // train a last model, on all images
  ScopeFolders scope;               // images by which that model learns when not to answer
  ThresholdRule threshold;          // of that model's calls
};

/// Cross-validation by patient. Each fold is a run of `lobule train` in OUT/repeat1/fold0 and so on: it tests on its fold and validates on the next one. Beside a
/// repeat's runs lie its folds.csv, the predictions of every image by the one model that never saw it or chose by it, and their evaluation; crossval.csv has a line
/// a repeat. Where nothing calibrates a fold's model (--no-validation), its predictions are calibrated on the other folds'. A last model that is trained on all
/// images lies in OUT/final: calibrated on all folds' predictions, and described by them; where there are images that it is to refuse, it gets a scope gate. What is there already is kept, so that the same command goes on where it was interrupted. Throws std::runtime_error naming file and cause, also
/// where the folder holds folds of other options or data.
TrainingEnd run_cross_validation(const CrossvalArguments& arguments);

}  // namespace lobule
