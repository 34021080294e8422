#pragma once

#include <torch/torch.h>

#include "train_arguments.h"

namespace lobule {

/// `lobule train` with --find-lr, --dry-run or --show-augmentation, in one process: reads the data, takes some steps of the training that is asked for and prints
/// what they showed to stdout, or draws what it would see. Writes nothing but the cache of decoded images, the drawing and, where --find-lr has an --out, its table
/// and chart. Throws as a training does.
void run_trial(const TrainArguments& arguments, torch::Device device);

}  // namespace lobule
