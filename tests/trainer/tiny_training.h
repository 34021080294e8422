#pragma once

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lobule/portable_math.h"
#include "network.h"
#include "training_data.h"

namespace lobule {

/// A network small enough to train within a test: it has what a checkpoint must bring back (convolution, batch norm's buffers, dropout).
class TinyNetwork : public Network {
 public:
  TinyNetwork()
      : convolution_(register_module("convolution", torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 4, 3).stride(2)))),
        norm_(register_module("norm", torch::nn::BatchNorm2d(4))),
        linear_(register_module("linear", torch::nn::Linear(4, 2))) {}
  torch::Tensor forward(const torch::Tensor& nchw) override { return linear_(drop_values(features(nchw), 0.5, 0)); }
  torch::Tensor features(const torch::Tensor& nchw) override { return torch::relu(norm_(convolution_(nchw))).mean({2, 3}); }
  torch::nn::Linear classifier() const override { return linear_; }
  OnnxGraph to_onnx(bool) const override { throw std::logic_error("TinyNetwork is not exported"); }

 private:
  torch::nn::Conv2d convolution_;
  torch::nn::BatchNorm2d norm_;
  torch::nn::Linear linear_;
};

inline std::shared_ptr<TinyNetwork> make_tiny_network(std::uint64_t seed = 1) {
  torch::manual_seed(seed);
  return std::make_shared<TinyNetwork>();
}

inline InputSpec tiny_input() {
  InputSpec input;
  input.width = 20;
  input.height = 16;
  return input;
}

/// Noise pictures, those of class 1 darker; every third image is for validation.
inline TrainingData tiny_training_data(int images) {
  const InputSpec input = tiny_input();
  Dataset dataset;
  dataset.root = "tiny";
  dataset.class_names = {"benign", "malignant"};
  LoadedImages loaded;
  loaded.width = input.width;
  loaded.height = input.height;
  const std::size_t size = std::size_t{3} * static_cast<std::size_t>(input.width) * static_cast<std::size_t>(input.height);
  const auto block = std::make_shared<std::vector<std::uint8_t>>(size * static_cast<std::size_t>(images));
  std::uint8_t* pixel = block->data();
  loaded.memory = block;
  SplitMix64 random(5);
  for (int i = 0; i < images; ++i) {
    Sample sample;
    sample.path = "image_" + std::to_string(1000 + i) + ".png";
    sample.patient = "p" + std::to_string(i);
    sample.label = i / 3 % 2;
    sample.set = i % 3 == 2 ? SetName::val : SetName::train;
    dataset.samples.push_back(sample);
    loaded.samples.push_back(static_cast<std::size_t>(i));
    loaded.pixel_sha256.push_back(std::to_string(i));
    loaded.perceptual_hashes.push_back(0);
    loaded.rgb.push_back(pixel);
    for (std::size_t byte = 0; byte < size; ++byte) *pixel++ = static_cast<std::uint8_t>(random.below(200) + (sample.label == 0 ? 40 : 0));
  }
  return make_training_data(std::move(dataset), std::move(loaded), input);
}

}  // namespace lobule
