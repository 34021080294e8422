#include "onnx_graph_builder.h"
#include "seed_cnn.h"

namespace lobule {
namespace {

/// conv, ReLU; the layer's name names its weights and values.
std::string convolution(OnnxGraphBuilder& builder, const std::string& name, const torch::nn::Conv2d& layer, const std::string& input) {
  const std::string weight = builder.weight(name + ".weight", layer->weight);
  const std::string bias = builder.weight(name + ".bias", layer->bias);
  return builder.node("Relu", {builder.conv(input, weight, bias, name, 1, {1, 1, 1, 1})}, name + ".relu");
}

std::string pooling(OnnxGraphBuilder& builder, const std::string& input) {
  return builder.node("MaxPool", {input}, input + ".pool",
                      {integers_attribute("kernel_shape", {2, 2}), integers_attribute("pads", {0, 0, 0, 0}), integers_attribute("strides", {2, 2})});
}

std::string fully_connected(OnnxGraphBuilder& builder, const std::string& name, const torch::nn::Linear& layer, const std::string& input,
                            const std::string& output) {
  const std::string weight = builder.weight(name + ".weight", layer->weight);
  const std::string bias = builder.weight(name + ".bias", layer->bias);
  return builder.node("Gemm", {input, weight, bias}, output, {integer_attribute("transB", 1)});
}

}  // namespace

// Grad-CAM (Selvaraju 2017, eq. 1-2): cam_k(i,j) = sum_c alpha_kc F_c(i,j), alpha_kc = mean over positions of d logit_k / d F_c.
// Behind F stand two fully connected layers with one ReLU, whose gradient is the mask m of its active units, so
//   alpha_k = (m * W2_k) * mean over positions of W1,
// the product of a mask and two weight matrices: exact, and without a backward pass.
OnnxGraph SeedCnn::to_onnx(bool half_weights) const {
  OnnxGraphBuilder builder("seed_cnn", half_weights);
  const std::int64_t height = options_.height / 8;
  const std::int64_t width = options_.width / 8;
  const std::int64_t channels = conv4_->options.out_channels();
  const std::int64_t hidden = fc1_->options.out_features();
  const std::int64_t classes = options_.classes;

  const std::string image = builder.input("image", {3, options_.height, options_.width});
  const std::string block1 = pooling(builder, convolution(builder, "conv1", conv1_, image));
  const std::string block2 = pooling(builder, convolution(builder, "conv2", conv2_, block1));
  const std::string block3 = pooling(builder, convolution(builder, "conv3", conv3_, block2));
  const std::string map = convolution(builder, "conv4", conv4_, block3);
  const std::string flat = builder.node("Flatten", {map}, "flat", {integer_attribute("axis", 1)});
  const std::string fc1 = fully_connected(builder, "fc1", fc1_, flat, "fc1");
  const std::string features = builder.node("Relu", {fc1}, "features");
  fully_connected(builder, "fc2", fc2_, features, "logits");

  const torch::Tensor fc1_stored = as_stored(fc1_->weight.detach(), half_weights);
  const torch::Tensor fc1_mean = fc1_stored.view({hidden, channels, height * width}).mean(2);  // [hidden, channels]
  const std::string mask = builder.node("Sign", {features}, "cam.mask");                       // [N, hidden]
  const std::string mask_row = builder.node("Unsqueeze", {mask, builder.integers("cam.axis", {1})}, "cam.mask_row");
  const std::string masked = builder.node("Mul", {mask_row, "fc2.weight"}, "cam.masked");  // [N, classes, hidden]
  const std::string alpha = builder.node("MatMul", {masked, builder.exact_weight("cam.fc1_mean", fc1_mean)}, "cam.alpha");
  const std::string rows = builder.node("Reshape", {map, builder.integers("cam.rows", {0, channels, height * width})}, "cam.map_rows");
  const std::string cam_rows = builder.node("MatMul", {alpha, rows}, "cam.cam_rows");  // [N, classes, positions]
  builder.node("Reshape", {cam_rows, builder.integers("cam.shape", {0, classes, height, width})}, "cam");

  builder.output("logits", {classes});
  builder.output("cam", {classes, height, width});
  builder.output("features", {hidden});
  return builder.graph();
}

}  // namespace lobule
