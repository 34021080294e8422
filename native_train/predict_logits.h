#pragma once

#include <torch/torch.h>

#include "batches.h"
#include "network.h"
#include "training.h"

namespace lobule {

/// Images that predict_logits takes at once: four times what training does. A forward pass without gradients holds the maps of a layer or two, training those of all.
int prediction_batch_size(const TrainOptions& options, int processes);

/// Logits [images, classes] in host memory, in the images' order, without dropout; a collective of site.processes. The network keeps its mode. Empty
/// (undefined) when a signal came in between, to whichever process.
torch::Tensor predict_logits(Network& network, const LabelledImages& images, const TrainOptions& options, const TrainingSite& site);

}  // namespace lobule
