#pragma once

#include "network.h"
#include "out_of_fold.h"
#include "run_folder.h"
#include "train_options.h"
#include "training.h"
#include "training_data.h"

namespace lobule {

/// What follows a training: the best weights are loaded, a temperature is fitted on the validation set, model.onnx is written, and the test set (where there is
/// one) is evaluated with that file: evaluation.json, predictions.csv, classification_report.txt, report.html and card.md join the run folder.
void finish_run(const RunConfig& config, const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site,
                double max_bad_share, const OutOfFold& out_of_fold);

}  // namespace lobule
