#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "lobule/model_package.h"

namespace lobule {

inline std::span<const std::byte> as_bytes_of(const std::string& text) { return std::as_bytes(std::span<const char>(text.data(), text.size())); }

inline OnnxTensor float_tensor(const std::string& name, const std::vector<std::int64_t>& dims, const std::vector<float>& values) {
  const auto* bytes = reinterpret_cast<const char*>(values.data());
  return {name, OnnxType::float32, dims, std::string(bytes, bytes + values.size() * sizeof(float))};
}

/// The smallest network that keeps the file contract: mean colour -> linear layer. Input 3 x 4 x 6, two classes.
inline OnnxModel tiny_onnx() {
  const auto value = [](const std::string& name, const std::vector<std::int64_t>& dims) {
    OnnxValueInfo info{name, OnnxType::float32, {{-1, "N"}}};
    for (const std::int64_t dim : dims) info.dims.push_back({dim, ""});
    return info;
  };
  OnnxModel model;
  model.graph.name = "tiny";
  model.graph.inputs = {value("image", {3, 4, 6})};
  model.graph.outputs = {value("logits", {2}), value("cam", {2, 4, 6}), value("features", {3})};
  model.graph.initializers = {float_tensor("weight", {2, 3}, {1, 2, 3, -1, -2, -3}), float_tensor("bias", {2}, {0.5F, -0.5F}),
                              float_tensor("cam.weight", {2, 3, 1, 1}, {1, 2, 3, -1, -2, -3})};
  OnnxAttribute axis;
  axis.name = "axis";
  axis.type = OnnxAttribute::Type::integer;
  axis.i = 1;
  OnnxAttribute transposed = axis;
  transposed.name = "transB";
  model.graph.nodes = {{"GlobalAveragePool", "pool", "", {"image"}, {"pooled"}, {}},
                       {"Flatten", "flatten", "", {"pooled"}, {"features"}, {axis}},
                       {"Gemm", "fc", "", {"features", "weight", "bias"}, {"logits"}, {transposed}},
                       {"Conv", "cam", "", {"image", "cam.weight"}, {"cam"}, {}}};
  return model;
}

inline ModelPackage tiny_package() {
  ModelPackage package;
  package.spec.name = "tiny \"model\"";
  package.spec.network = "tiny";
  package.spec.class_names = {"benign", "malignant"};
  package.spec.input = {6, 4, Fit::contain, ResizeFilter::bicubic, {0.7F, 0.5F, 0.6F}, {0.1F, 0.2F, 0.3F}};
  package.spec.temperature = 1.25;
  package.spec.threshold_low = 0.4;
  package.spec.threshold_high = 0.6;
  package.golden = {1e-4, {{1, {0.25, -0.125}}, {18446744073709551615ULL, {1.0 / 3.0, -4.0}}}};
  package.provenance_json = R"({"epochs":8})";
  package.evaluation_json = R"({"accuracy":0.9})";
  EpochRecord epoch;
  epoch.epoch = 1;
  epoch.learning_rate = 0.001;
  epoch.train.loss = 0.7;
  epoch.train.accuracy = 0.5;
  epoch.best = true;
  package.history = {epoch};
  return package;
}

}  // namespace lobule
