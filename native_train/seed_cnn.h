#pragma once

#include "network.h"

namespace lobule {

/// The teaching network: three blocks of convolution 3x3, ReLU and 2x2 max-pooling, a fourth convolution with ReLU, then
/// fully connected, ReLU, dropout, fully connected. Softmax is not a layer: the loss takes logits, and so does postprocess.
///
///   input  3 x 96 x 144      (default size; shapes below follow it)
///   block1 16 x 48 x 72      block2 32 x 24 x 36      block3 48 x 12 x 18
///   conv4  24 x 12 x 18      the layer that cam speaks of
///   fc1    64                "features"
///   fc2    classes           "logits"
class SeedCnn : public Network {
 public:
  /// Weights after He (2015), from LibTorch's global generator. Throws std::runtime_error when an option is out of bounds.
  explicit SeedCnn(const NetworkOptions& options);

  torch::Tensor forward(const torch::Tensor& nchw) override;

  torch::Tensor features(const torch::Tensor& nchw) override { return hidden(last_convolution(nchw)); }
  torch::nn::Linear classifier() const override { return fc2_; }

  /// A stage is a layer: conv1, conv2, conv3, conv4, fc1, fc2.
  int stages() const override { return 6; }
  int stage_of(const std::string& name) const override;

  /// cam is Grad-CAM (Selvaraju 2017) of each class on conv4, written as forward operators; see seed_cnn_onnx.cpp. It is signed: the
  /// paper's last ReLU is left out, so that evidence against a class can be drawn too.
  OnnxGraph to_onnx(bool half_weights) const override;

  /// Output of conv4 after ReLU, [N, 24, h/8, w/8], and logits from it: the two halves of forward.
  torch::Tensor last_convolution(const torch::Tensor& nchw);
  torch::Tensor classify(const torch::Tensor& feature_map);

 private:
  torch::Tensor hidden(const torch::Tensor& feature_map);

  NetworkOptions options_;
  torch::nn::Conv2d conv1_{nullptr}, conv2_{nullptr}, conv3_{nullptr}, conv4_{nullptr};
  torch::nn::Linear fc1_{nullptr}, fc2_{nullptr};
};

}  // namespace lobule
