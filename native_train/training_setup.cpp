#include "training_setup.h"

#include <memory>
#include <stdexcept>
#include <string>

#include "lobule/portable_math.h"
#include "sampling.h"
#include "training_step.h"

namespace lobule {

void cast_network(Network& network, torch::ScalarType type) {
  for (torch::Tensor& parameter : network.parameters()) parameter.set_data(parameter.to(type));
  for (torch::Tensor& buffer : network.buffers()) {
    if (buffer.is_floating_point()) buffer.set_data(buffer.to(type));
  }
}

void prepare_network(Network& network, const TrainOptions& options, torch::Device device) {
  network.to(device);
  cast_network(network, weight_type(options.precision));
  // Convolutions are faster where the channels of a pixel lie side by side (oneDNN and cuDNN alike).
  for (torch::Tensor& parameter : network.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  }
  if (options.freeze_stages >= network.stages()) {
    throw std::runtime_error("--freeze " + std::to_string(options.freeze_stages) + ": " + options.network.network + " has " + std::to_string(network.stages()) +
                             " stages, and the last one must train");
  }
  network.freeze_stages(options.freeze_stages);
  if (options.keep_statistics) network.keep_statistics();
}

std::vector<double> draws_of_images(const TrainingData& data) {
  std::vector<std::string> patients;
  for (const std::size_t chosen : data.train.chosen) patients.push_back(data.dataset.samples[data.train.images->samples[chosen]].patient);
  return balanced_draws(data.train.labels, patients);
}

std::vector<double> loss_class_weights(const TrainOptions& options, const TrainingData& data) {
  if (options.class_weights == ClassWeights::none) return {};
  return balanced_class_weights(data.train, data.dataset.class_names.size());
}

EpochPlan plan_epoch(const TrainOptions& options, const TrainingData& data, int epoch) {
  const LabelledImages& train = data.train;
  EpochPlan plan;
  if (options.balance == Balance::none) {
    plan.batches = shuffled_batches(train.labels.size(), options.batch_size, options.seed, epoch);
  } else {
    plan.batches = drawn_batches(draws_of_images(data), options.batch_size, options.seed, epoch);
  }
  if (!options.augment) return plan;
  plan.augmentation = EpochAugmentation{options.augmentation, options.appearance, std::nullopt, options.seed, epoch};
  if (options.mixup > 0) {
    const auto images = std::make_shared<std::vector<std::size_t>>();
    for (const std::vector<std::size_t>& batch : plan.batches) images->insert(images->end(), batch.begin(), batch.end());
    plan.augmentation->mixup = Mixup{options.mixup, images};
  }
  return plan;
}

double weight_sum(const LabelledImages& images, const EpochPlan& plan, const std::vector<std::size_t>& batch, const std::vector<double>& class_weights) {
  if (class_weights.empty()) return static_cast<double>(batch.size());
  const auto weight_of = [&](std::size_t number) { return class_weights[static_cast<std::size_t>(label_of(images, number))]; };
  double sum = 0;
  for (const std::size_t number : batch) {
    const bool is_blended = plan.augmentation && plan.augmentation->mixup;
    const Blend blend = is_blended ? draw_blend(*plan.augmentation, number) : Blend{number, 1};
    sum += blend.share * weight_of(number) + (1 - blend.share) * weight_of(blend.partner);
  }
  return sum;
}

std::vector<std::uint64_t> sample_seeds(std::uint64_t seed, int epoch, const std::vector<std::size_t>& images) {
  constexpr std::uint64_t kDropoutKey = 0x64726f70;  // augmentation draws from the same three
  std::vector<std::uint64_t> seeds;
  for (const std::size_t index : images) seeds.push_back(mix_seed(seed ^ kDropoutKey, static_cast<std::uint64_t>(epoch), index));
  return seeds;
}

}  // namespace lobule
