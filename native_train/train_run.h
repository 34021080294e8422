#pragma once

#include "out_of_fold.h"
#include "train_arguments.h"
#include "training.h"

namespace lobule {

/// `lobule train`: trains into arguments.out, or goes on there, and where the training is done exports, evaluates and describes the model. In each of the processes
/// that torchrun, srun or mpirun started. Throws std::runtime_error naming file and cause.
/// out_of_fold: of models trained alike, by which one without validation and test set is calibrated and described.
TrainingEnd run_train(TrainArguments arguments, const OutOfFold& out_of_fold = {});

/// The same with --find-lr, --dry-run or --show-augmentation, see run_trial.
void run_train_trial(const TrainArguments& arguments);

}  // namespace lobule
