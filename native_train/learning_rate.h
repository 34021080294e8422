#pragma once

#include <cstdint>

#include "train_options.h"

namespace lobule {

/// Learning rate of a step of the training. step: from 0 over all epochs; steps_per_epoch > 0. Rises linearly over options.warmup_epochs; then it stays, or falls
/// along half a cosine to 0 at the end of options.epochs (Loshchilov & Hutter 2017, without restarts).
double learning_rate_at(const TrainOptions& options, std::int64_t step, std::int64_t steps_per_epoch);

}  // namespace lobule
