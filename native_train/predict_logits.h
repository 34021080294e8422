#pragma once

#include <torch/torch.h>

#include "batches.h"
#include "network.h"
#include "training.h"

namespace lobule {

/// Logits [images, classes] in host memory, in the images' order, without dropout; a collective of site.processes. The network keeps its mode. Empty
/// (undefined) when a signal came in between, to whichever process.
torch::Tensor predict_logits(Network& network, const LabelledImages& images, int batch_size, const TrainingSite& site);

}  // namespace lobule
