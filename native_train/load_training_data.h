#pragma once

#include "lobule/preprocess.h"
#include "process_group.h"
#include "train_arguments.h"
#include "training_data.h"

namespace lobule {

/// Reads and checks what the command line of `lobule train` asks for: images from the cache or decoded into memory, process 0's sets for all processes. A
/// collective. Process 0 lists unreadable images in the run folder, unless this is a trial. Says to stderr what was found. Throws std::runtime_error naming file and cause.
TrainingData load_training_data(const TrainArguments& arguments, const TrainOptions& options, const InputSpec& input, ProcessGroup& processes);

}  // namespace lobule
