#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>

#include "lobule/onnx_file.h"

namespace lobule {

/// What decides a network's shape. Saved in the run's config.json, so that export and resume build the same one.
struct NetworkOptions {
  std::string network = "seed_cnn";
  int width = 144;  // pixels of the input
  int height = 96;
  int classes = 2;
  double dropout = 0.5;
};

/// A classifier that trains on LibTorch and writes itself as ONNX operators.
class Network : public torch::nn::Module {
 public:
  /// nchw: [N, 3, height, width] float, normalised. Returns logits [N, classes].
  virtual torch::Tensor forward(const torch::Tensor& nchw) = 0;

  /// Input "image" [N,3,h,w] (N symbolic); outputs "logits" [N,K], "cam" [N,K,h',w'], "features" [N,C]; batch norm folded, dropout left out,
  /// weights as float32 or as float16 with a Cast.
  virtual OnnxGraph to_onnx(bool half_weights) const = 0;
};

/// Throws std::runtime_error naming the known networks when the name is not one of them.
std::shared_ptr<Network> make_network(const NetworkOptions& options);

/// Learned numbers, batch norm's running figures not among them.
std::int64_t parameter_count(const Network& network);

}  // namespace lobule
