#include "efficientnet_lite.h"

#include <algorithm>
#include <stdexcept>

#include "lobule/number_text.h"

namespace lobule {
namespace {

constexpr int kSmallestSide = 32;  // one position of the last map
constexpr int kLargestSide = 2048;
constexpr double kNormMomentum = 1 - 0.99;  // TensorFlow's 0.99
constexpr double kNormEpsilon = 1e-3;
constexpr double kStochasticDepth = 0.2;  // of a block behind the last; from 0 at the first it grows by the block

/// TensorFlow's "same": {before, after} along one side.
std::pair<std::int64_t, std::int64_t> same_pads(std::int64_t size, std::int64_t kernel, std::int64_t stride) {
  const std::int64_t positions = (size + stride - 1) / stride;
  const std::int64_t total = std::max<std::int64_t>((positions - 1) * stride + kernel - size, 0);
  return {total / 2, total - total / 2};
}

/// ReLU6 in place: batch norm's backward pass reads its input, never its output, and a second map of this size would cost more time than the operation.
torch::Tensor clipped(torch::Tensor x) { return torch::relu6_(x); }

std::string size_text(std::int64_t width, std::int64_t height) { return std::to_string(width) + "x" + std::to_string(height); }

void check(const NetworkOptions& options) {
  const auto [shorter, longer] = std::minmax(options.width, options.height);
  if (shorter < kSmallestSide || longer > kLargestSide) {
    throw std::runtime_error(options.network + ": input must have 32 to 2048 pixels a side, not " + size_text(options.width, options.height));
  }
  if (options.classes < 2) throw std::runtime_error(options.network + ": at least two classes are needed");
  if (!(options.dropout >= 0 && options.dropout < 1)) throw std::runtime_error(options.network + ": dropout must be in [0, 1)");
}

}  // namespace

LiteConvolution::LiteConvolution(const Options& options, std::int64_t& height, std::int64_t& width) {
  const auto [top, bottom] = same_pads(height, options.kernel, options.stride);
  const auto [left, right] = same_pads(width, options.kernel, options.stride);
  pads_ = {top, left, bottom, right};
  even_ = top == bottom && left == right;
  auto convolution_options = torch::nn::Conv2dOptions(options.in, options.out, options.kernel).stride(options.stride).groups(options.groups).bias(false);
  if (even_) convolution_options.padding({top, left});
  convolution = torch::nn::Conv2d(convolution_options);
  // Keeps the signal's scale also where running figures are still those of a new network: with this momentum they take hundreds of steps to form.
  torch::nn::init::kaiming_normal_(convolution->weight, 0, torch::kFanIn, torch::kReLU);
  norm = torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(options.out).momentum(kNormMomentum).eps(kNormEpsilon));
  height = (height + options.stride - 1) / options.stride;
  width = (width + options.stride - 1) / options.stride;
}

torch::Tensor LiteConvolution::forward(const torch::Tensor& x) const {
  torch::nn::Conv2d layer = convolution;
  torch::nn::BatchNorm2d normalise = norm;
  return normalise->forward(layer->forward(even_ ? x : torch::constant_pad_nd(x, {pads_[1], pads_[3], pads_[0], pads_[2]})));
}

LiteBlockImpl::LiteBlockImpl(const LiteBlock& shape, std::int64_t& height, std::int64_t& width) : shape_(shape) {
  const std::int64_t wide = shape.in * shape.expansion;
  if (shape.expansion != 1) {
    expand_ = LiteConvolution({.in = shape.in, .out = wide}, height, width);
    register_module("_expand_conv", expand_.convolution);
    register_module("_bn0", expand_.norm);
  }
  depthwise_ = LiteConvolution({.in = wide, .out = wide, .kernel = shape.kernel, .stride = shape.stride, .groups = wide}, height, width);
  register_module("_depthwise_conv", depthwise_.convolution);
  register_module("_bn1", depthwise_.norm);
  project_ = LiteConvolution({.in = wide, .out = shape.out}, height, width);
  register_module("_project_conv", project_.convolution);
  register_module("_bn2", project_.norm);
}

torch::Tensor LiteBlockImpl::forward(const torch::Tensor& x) {
  const torch::Tensor expanded = shape_.expansion == 1 ? x : clipped(expand_.forward(x));
  return project_.forward(clipped(depthwise_.forward(expanded)));
}

EfficientNetLite::EfficientNetLite(const NetworkOptions& options) : options_(options), map_height_(options.height), map_width_(options.width) {
  check(options);
  shape_ = efficientnet_lite_shape(options.network);
  stem_ = LiteConvolution({.in = 3, .out = kLiteStemChannels, .kernel = 3, .stride = 2}, map_height_, map_width_);
  register_module("_conv_stem", stem_.convolution);
  register_module("_bn0", stem_.norm);
  torch::nn::ModuleList list;
  for (const LiteBlock& shape : shape_.blocks) {
    blocks_.push_back(std::make_shared<LiteBlockImpl>(shape, map_height_, map_width_));
    list->push_back(blocks_.back());
  }
  register_module("_blocks", list);
  head_ = LiteConvolution({.in = shape_.blocks.back().out, .out = shape_.head_channels}, map_height_, map_width_);
  register_module("_conv_head", head_.convolution);
  register_module("_bn1", head_.norm);
  fc_ = register_module("_fc", torch::nn::Linear(shape_.head_channels, options.classes));
}

torch::Tensor EfficientNetLite::extract_features(const torch::Tensor& nchw) {
  if (nchw.dim() != 4 || nchw.size(1) != 3 || nchw.size(2) != options_.height || nchw.size(3) != options_.width) {
    throw std::logic_error(options_.network + " was made for [N,3,h,w] of " + size_text(options_.width, options_.height) + " pixels");
  }
  torch::Tensor x = clipped(stem_.forward(nchw.contiguous(torch::MemoryFormat::ChannelsLast)));
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    torch::Tensor y = blocks_[i]->forward(x);
    if (blocks_[i]->shape().adds_input()) {
      const double rate = kStochasticDepth * static_cast<double>(i) / static_cast<double>(blocks_.size());
      y = drop_samples(y, rate, i).add_(x);
    }
    x = y;
  }
  return clipped(head_.forward(x));
}

torch::Tensor EfficientNetLite::forward(const torch::Tensor& nchw) { return fc_->forward(drop_values(features(nchw), options_.dropout, blocks_.size())); }

int EfficientNetLite::stage_of(const std::string& name) const {
  const std::string layer = name.substr(0, name.find('.'));
  if (layer == "_conv_stem" || layer == "_bn0") return 0;
  if (layer == "_conv_head" || layer == "_bn1") return shape_.groups + 1;
  if (layer == "_fc") return shape_.groups + 2;
  if (name == "_blocks") return shape_.groups;  // the list is done with when its last group is
  if (layer == "_blocks") {
    const std::string rest = name.substr(layer.size() + 1);
    const std::optional<int> block = parse_int(rest.substr(0, rest.find('.')));
    if (block && *block >= 0 && *block < static_cast<int>(blocks_.size())) return 1 + blocks_[static_cast<std::size_t>(*block)]->shape().group;
  }
  throw std::logic_error(options_.network + " has no layer " + name);
}

}  // namespace lobule
