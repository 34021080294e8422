#include "seed_cnn.h"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace lobule {
namespace {

constexpr std::int64_t kChannels1 = 16;
constexpr std::int64_t kChannels2 = 32;
constexpr std::int64_t kChannels3 = 48;
constexpr std::int64_t kChannels4 = 24;
constexpr std::int64_t kHidden = 64;
constexpr int kPooling = 8;  // three max-poolings, each halving the sides

torch::nn::Conv2d convolution(std::int64_t in, std::int64_t out) { return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 3).padding(1)); }

/// He, Zhang, Ren, Sun 2015: variance 2 / fan_in keeps the scale of the signal through ReLU layers; 1 / fan_in for the layer without one.
template <typename Layer>
void initialise(Layer& layer, torch::nn::init::NonlinearityType nonlinearity) {
  torch::nn::init::kaiming_normal_(layer->weight, 0, torch::kFanIn, nonlinearity);
  torch::nn::init::zeros_(layer->bias);
}

/// ReLU after the pooling gives what it gives before it, since it keeps the order of values, on a quarter of them; the pooling does not need its own result any more.
torch::Tensor block(torch::nn::Conv2d& layer, const torch::Tensor& x) { return torch::max_pool2d(layer->forward(x), 2).relu_(); }

void check(const NetworkOptions& options) {
  if (options.width < kPooling || options.height < kPooling) {
    throw std::runtime_error("seed_cnn: input must have at least 8 pixels a side, not " + std::to_string(options.width) + "x" + std::to_string(options.height));
  }
  if (options.classes < 2) throw std::runtime_error("seed_cnn: at least two classes are needed");
  if (!(options.dropout >= 0 && options.dropout < 1)) throw std::runtime_error("seed_cnn: dropout must be in [0, 1)");
}

}  // namespace

SeedCnn::SeedCnn(const NetworkOptions& options) : options_(options) {
  check(options);
  const std::int64_t positions = std::int64_t{options.height / kPooling} * (options.width / kPooling);
  conv1_ = register_module("conv1", convolution(3, kChannels1));
  conv2_ = register_module("conv2", convolution(kChannels1, kChannels2));
  conv3_ = register_module("conv3", convolution(kChannels2, kChannels3));
  conv4_ = register_module("conv4", convolution(kChannels3, kChannels4));
  fc1_ = register_module("fc1", torch::nn::Linear(kChannels4 * positions, kHidden));
  fc2_ = register_module("fc2", torch::nn::Linear(kHidden, options.classes));
  for (torch::nn::Conv2d* layer : {&conv1_, &conv2_, &conv3_, &conv4_}) initialise(*layer, torch::kReLU);
  initialise(fc1_, torch::kReLU);
  initialise(fc2_, torch::kLinear);
}

torch::Tensor SeedCnn::last_convolution(const torch::Tensor& nchw) {
  const torch::Tensor pooled = block(conv3_, block(conv2_, block(conv1_, nchw)));
  return conv4_->forward(pooled).relu_();
}

torch::Tensor SeedCnn::hidden(const torch::Tensor& feature_map) { return torch::relu(fc1_->forward(feature_map.flatten(1))); }

torch::Tensor SeedCnn::classify(const torch::Tensor& feature_map) { return fc2_->forward(drop_values(hidden(feature_map), options_.dropout, 0)); }

int SeedCnn::stage_of(const std::string& name) const {
  constexpr std::array<const char*, 6> kLayers = {"conv1", "conv2", "conv3", "conv4", "fc1", "fc2"};
  const auto found = std::find(kLayers.begin(), kLayers.end(), name.substr(0, name.find('.')));
  if (found == kLayers.end()) throw std::logic_error("seed_cnn has no layer " + name);
  return static_cast<int>(found - kLayers.begin());
}

torch::Tensor SeedCnn::forward(const torch::Tensor& nchw) { return classify(last_convolution(nchw)); }

}  // namespace lobule
