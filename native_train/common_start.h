#pragma once

#include "checkpoint.h"
#include "process_group.h"

namespace lobule {

/// Process 0's weights, running figures, optimiser, average and position for all processes, as it has them after its checkpoint was read: the others need
/// not see the run folder. A collective. Logits of steps before a checkpoint stay with process 0, which alone writes figures.
void share_start(ProcessGroup& processes, const Learner& learner, TrainingPosition& position);

}  // namespace lobule
