#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host_memory.h"
#include "network.h"
#include "train_options.h"
#include "training_data.h"
#include "trial_training.h"

namespace lobule {

/// What some steps of the training took.
struct DryRunMeasures {
  int steps = 0;            // that were measured, after a first one that was not
  double step_seconds = 0;  // median
  double validation_seconds_per_image = 0;
  std::int64_t steps_per_epoch = 0;
  MemoryUse memory;                 // of the process, with the images
  std::optional<MemoryUse> device;  // of the device, where there is one
};

/// Takes a first step, which also sets things up, and five more, fewer where they take long; validates one batch.
DryRunMeasures measure(TrialTraining& training);

/// What the measures do not say.
struct DryRunFacts {
  std::string data;   // as it was named
  std::string start;  // where the weights come from
  std::string device;
};

/// What `lobule train --dry-run` prints: data, sets, network, options other than the network's defaults, memory and time.
std::string dry_run_text(const DryRunFacts& facts, const TrainOptions& options, const TrainingData& data, const Network& network,
                         const DryRunMeasures& measures);

}  // namespace lobule
