#include "efficientnet_lite.h"
#include "onnx_graph_builder.h"

namespace lobule {
namespace {

constexpr const char* kLow = "relu6.low";
constexpr const char* kHigh = "relu6.high";

std::string relu6(OnnxGraphBuilder& builder, const std::string& input) { return builder.node("Clip", {input, kLow, kHigh}, input + ".relu6"); }

}  // namespace

// gamma (conv(x) - mean) / sqrt(variance + eps) + beta is one convolution. Its weights are worked out in double, so that each is rounded once.
std::string LiteConvolution::to_onnx(OnnxGraphBuilder& builder, const std::string& name, const std::string& input) const {
  const auto exact = [](const torch::Tensor& tensor) { return tensor.detach().to(torch::kFloat64); };
  const torch::Tensor scale = exact(norm->weight) / (exact(norm->running_var) + norm->options.eps()).sqrt();
  const torch::Tensor weight = exact(convolution->weight) * scale.view({-1, 1, 1, 1});
  const torch::Tensor bias = exact(norm->bias) - exact(norm->running_mean) * scale;
  return builder.conv(input, builder.weight(name + ".weight", weight.to(torch::kFloat32)), builder.weight(name + ".bias", bias), name,
                      convolution->options.stride()->front(), pads_, convolution->options.groups());
}

std::string LiteBlockImpl::to_onnx(OnnxGraphBuilder& builder, const std::string& name, const std::string& input) const {
  const std::string expanded = shape_.expansion == 1 ? input : relu6(builder, expand_.to_onnx(builder, name + "._expand_conv", input));
  const std::string depthwise = relu6(builder, depthwise_.to_onnx(builder, name + "._depthwise_conv", expanded));
  const std::string projected = project_.to_onnx(builder, name + "._project_conv", depthwise);
  return shape_.adds_input() ? builder.node("Add", {projected, input}, name + ".sum") : projected;
}

// Class activation mapping (Zhou 2016): _fc is linear, so a logit is the mean over positions of _fc applied there, plus its bias.
OnnxGraph EfficientNetLite::to_onnx(bool half_weights) const {
  OnnxGraphBuilder builder(options_.network, half_weights);
  std::string x = builder.input("image", {3, options_.height, options_.width});
  builder.exact_weight(kLow, torch::tensor(0.0F));
  builder.exact_weight(kHigh, torch::tensor(6.0F));
  x = relu6(builder, stem_.to_onnx(builder, "_conv_stem", x));
  for (std::size_t i = 0; i < blocks_.size(); ++i) x = blocks_[i]->to_onnx(builder, "_blocks." + std::to_string(i), x);
  const std::string map = relu6(builder, head_.to_onnx(builder, "_conv_head", x));

  const std::int64_t classes = options_.classes;
  const std::string weight = builder.weight("_fc.weight", fc_->weight.view({classes, shape_.head_channels, 1, 1}));
  const std::string mean = builder.node("GlobalAveragePool", {map}, "mean");
  const OnnxAttribute rows = integer_attribute("axis", 1);
  const std::vector<std::int64_t> no_pads = {0, 0, 0, 0};
  builder.node("Flatten", {mean}, "features", {rows});
  builder.node("Flatten", {builder.conv(mean, weight, builder.weight("_fc.bias", fc_->bias), "_fc", 1, no_pads)}, "logits", {rows});
  builder.conv(map, weight, "", "cam", 1, no_pads);

  builder.output("logits", {classes});
  builder.output("cam", {classes, map_height_, map_width_});
  builder.output("features", {shape_.head_channels});
  return builder.graph();
}

}  // namespace lobule
