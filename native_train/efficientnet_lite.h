#pragma once

#include <vector>

#include "efficientnet_lite_scaling.h"
#include "network.h"

namespace lobule {

class OnnxGraphBuilder;

/// A convolution without bias and its batch norm, registered side by side by whoever owns them. Padding is TensorFlow's "same": ceil(size / stride) positions,
/// an odd zero below and to the right, worked out for one input size.
class LiteConvolution {
 public:
  struct Options {
    std::int64_t in = 0, out = 0, kernel = 1, stride = 1, groups = 1;
  };
  LiteConvolution() = default;
  /// height and width of what comes in become those of what goes out.
  LiteConvolution(const Options& options, std::int64_t& height, std::int64_t& width);

  torch::Tensor forward(const torch::Tensor& x) const;
  /// One Conv: batch norm's running figures folded into weight and bias.
  std::string to_onnx(OnnxGraphBuilder& builder, const std::string& name, const std::string& input) const;

  torch::nn::Conv2d convolution{nullptr};
  torch::nn::BatchNorm2d norm{nullptr};

 private:
  std::vector<std::int64_t> pads_;  // top, left, bottom, right
  bool even_ = true;                // then the convolution pads by itself; otherwise its input is copied into a larger one
};

/// A LiteBlock with weights. Its input is added by the network, which knows of stochastic depth.
class LiteBlockImpl : public torch::nn::Module {
 public:
  LiteBlockImpl(const LiteBlock& shape, std::int64_t& height, std::int64_t& width);
  torch::Tensor forward(const torch::Tensor& x);
  std::string to_onnx(OnnxGraphBuilder& builder, const std::string& name, const std::string& input) const;
  const LiteBlock& shape() const { return shape_; }

 private:
  LiteBlock shape_;
  LiteConvolution expand_, depthwise_, project_;
};

/// EfficientNet-Lite0 to 2 (Tan, Le 2019; the -Lite variants: ReLU6, no squeeze-and-excitation). Names of weights and every number computed
/// are those of the published PyTorch port (PyPI efficientnet-lite-pytorch 0.1.0) made for the image size of the options.
///
///   _conv_stem  3x3 / 2   32 channels          stage 0
///   _blocks     seven groups, / 16 in all      stages 1 to 7
///   _conv_head  1x1       1280 channels        stage 8, the map that cam speaks of; its mean is "features"
///   _fc         classes                        stage 9, "logits"
///
/// efficientnet_lite0_first5 is the beginning of efficientnet_lite0, for small pictures: five groups (/ 8 in all), and a head of 672 channels.
class EfficientNetLite : public Network {
 public:
  /// Convolutions start after He (2015), _fc as LibTorch starts it, from LibTorch's global generator. Throws std::runtime_error when an option is out of bounds.
  explicit EfficientNetLite(const NetworkOptions& options);

  /// Computes in channels_last whatever the layout of nchw. Throws std::logic_error for another size than the options'.
  torch::Tensor forward(const torch::Tensor& nchw) override;
  torch::Tensor features(const torch::Tensor& nchw) override { return extract_features(nchw).mean({2, 3}); }
  torch::nn::Linear classifier() const override { return fc_; }
  int stages() const override { return shape_.groups + 3; }
  int stage_of(const std::string& name) const override;
  /// cam is that of Zhou (2016): _fc at each position of the last map, without its bias.
  OnnxGraph to_onnx(bool half_weights) const override;

  /// The head's map after ReLU6, [N, head channels, ceil(h/32), ceil(w/32)] (first5: / 16) in channels_last.
  torch::Tensor extract_features(const torch::Tensor& nchw);

 private:
  NetworkOptions options_;
  LiteShape shape_;
  std::int64_t map_height_, map_width_;
  LiteConvolution stem_, head_;
  std::vector<std::shared_ptr<LiteBlockImpl>> blocks_;
  torch::nn::Linear fc_{nullptr};
};

}  // namespace lobule
