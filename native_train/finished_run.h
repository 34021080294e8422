#pragma once

#include "image_set.h"
#include "network.h"
#include "out_of_fold.h"
#include "run_folder.h"
#include "train_options.h"
#include "training.h"
#include "training_data.h"

namespace lobule {

struct FinishOptions {
  double max_bad_share = kMaxBadShare;  // of the test set's images
  bool half_weights = false;            // model.onnx stores weights as float16
};

/// What follows a training: the best weights are loaded, a temperature is fitted on the validation set, model.onnx is written, and the test set (where there is
/// one) is evaluated with that file: evaluation.json, predictions.csv, classification_report.txt, report.html and card.md join the run folder.
void finish_run(const RunConfig& config, const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site,
                const FinishOptions& finishing, const OutOfFold& out_of_fold);

}  // namespace lobule
