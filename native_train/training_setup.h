#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "batches.h"
#include "network.h"
#include "train_options.h"
#include "training_data.h"

namespace lobule {

/// Weights and floating-point buffers in this type. torch::nn::Module::to would also make floats of batch norm's counts.
void cast_network(Network& network, torch::ScalarType type);

/// The network as it trains: on the device, in the precision's type, channels last in memory, its first stages frozen. Throws std::runtime_error when
/// options.freeze_stages leaves nothing that trains.
void prepare_network(Network& network, const TrainOptions& options, torch::Device device);

/// Weight of each class in the loss; none where all weigh the same.
std::vector<double> loss_class_weights(const TrainOptions& options, const TrainingData& data);

/// How often an epoch of Balance::patient draws each training image, on average.
std::vector<double> draws_of_images(const TrainingData& data);

/// What an epoch trains on.
struct EpochPlan {
  BatchPlan batches;                              // over all processes
  std::optional<EpochAugmentation> augmentation;  // nothing: images as they are
};
/// From options, data and epoch alone: the same on every process, and after a resumption.
EpochPlan plan_epoch(const TrainOptions& options, const TrainingData& data, int epoch);

/// Of this batch's images: what their losses' sum is divided by. Their number where class_weights has none.
double weight_sum(const LabelledImages& images, const EpochPlan& plan, const std::vector<std::size_t>& batch, const std::vector<double>& class_weights);

/// One an image, for dropout, from (seed, epoch, image): a resumed training needs no saved generator, and no process the others' batches.
std::vector<std::uint64_t> sample_seeds(std::uint64_t seed, int epoch, const std::vector<std::size_t>& images);

}  // namespace lobule
