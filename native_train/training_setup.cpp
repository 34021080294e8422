#include "training_setup.h"

#include <numeric>
#include <stdexcept>
#include <string>

#include "lobule/portable_math.h"
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
}

std::vector<double> loss_class_weights(const TrainOptions& options, const TrainingData& data) {
  if (options.class_weights == ClassWeights::none) return {};
  return balanced_class_weights(data.train, data.dataset.class_names.size());
}

double weight_sum(const LabelledImages& images, const std::vector<std::size_t>& batch, const std::vector<double>& class_weights) {
  if (class_weights.empty()) return static_cast<double>(batch.size());
  return std::accumulate(batch.begin(), batch.end(), 0.0,
                         [&](double sum, std::size_t index) { return sum + class_weights[static_cast<std::size_t>(images.labels[index])]; });
}

std::vector<std::uint64_t> sample_seeds(std::uint64_t seed, int epoch, const std::vector<std::size_t>& images) {
  constexpr std::uint64_t kDropoutKey = 0x64726f70;  // augmentation draws from the same three
  std::vector<std::uint64_t> seeds;
  for (const std::size_t index : images) seeds.push_back(mix_seed(seed ^ kDropoutKey, static_cast<std::uint64_t>(epoch), index));
  return seeds;
}

}  // namespace lobule
