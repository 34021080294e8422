#include "network.h"

#include <stdexcept>

#include "efficientnet_lite.h"
#include "lobule/portable_math.h"
#include "seed_cnn.h"

namespace lobule {
namespace {

/// [N, values]: 0 with probability p, otherwise 1 / (1 - p). Each row is drawn from its own seed.
torch::Tensor keep_mask(const std::vector<std::uint64_t>& seeds, std::uint64_t layer, std::int64_t values, double p) {
  torch::Tensor mask = torch::empty({static_cast<std::int64_t>(seeds.size()), values}, torch::kFloat64);
  auto* value = mask.mutable_data_ptr<double>();
  const double kept = 1 / (1 - p);
  for (const std::uint64_t seed : seeds) {
    SplitMix64 random(mix_seed(seed, layer));
    for (std::int64_t i = 0; i < values; ++i) *value++ = random.uniform() < p ? 0.0 : kept;
  }
  return mask;
}

void check_batch(const torch::Tensor& x, const std::vector<std::uint64_t>& seeds) {
  if (x.size(0) == static_cast<std::int64_t>(seeds.size())) return;
  throw std::logic_error("dropout: a batch of " + std::to_string(x.size(0)) + " samples came with " + std::to_string(seeds.size()) + " seeds");
}

}  // namespace

std::shared_ptr<Network> make_network(const NetworkOptions& options) {
  if (options.network == "seed_cnn") return std::make_shared<SeedCnn>(options);
  if (is_efficientnet_lite(options.network)) return std::make_shared<EfficientNetLite>(options);
  throw std::runtime_error("unknown network '" + options.network +
                           "'; known: seed_cnn, efficientnet_lite0, efficientnet_lite1, efficientnet_lite2, efficientnet_lite0_first5");
}

int Network::stage_of(const std::string&) const { return 0; }

void Network::freeze_stages(int count) {
  if (count < 0 || count >= stages()) throw std::logic_error("freeze_stages: the last stage always trains");
  frozen_stages_ = count;
  for (auto& item : named_parameters()) item.value().set_requires_grad(stage_of(item.key()) >= count);
  train(is_training());
}

void Network::keep_statistics() {
  keeps_statistics_ = true;
  train(is_training());
}

void Network::train(bool on) {
  Module::train(on);
  for (auto& item : named_modules("", /*include_self=*/false)) {
    const bool is_norm = item.value()->as<torch::nn::BatchNorm2d>() != nullptr;
    if ((keeps_statistics_ && is_norm) || (frozen_stages_ > 0 && stage_of(item.key()) < frozen_stages_)) item.value()->eval();
  }
}

torch::Tensor Network::drop_values(const torch::Tensor& x, double p, std::uint64_t layer) const {
  if (!is_training() || p <= 0) return x;
  check_batch(x, sample_seeds_);
  return x * keep_mask(sample_seeds_, layer, x.numel() / x.size(0), p).to(x.options()).view_as(x);
}

torch::Tensor Network::drop_samples(const torch::Tensor& x, double p, std::uint64_t layer) const {
  if (!is_training() || p <= 0) return x;
  check_batch(x, sample_seeds_);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[0] = x.size(0);
  return x * keep_mask(sample_seeds_, layer, 1, p).to(x.options()).view(shape);
}

std::int64_t parameter_count(const Network& network) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

}  // namespace lobule
