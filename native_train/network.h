#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

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

  /// What the last stage classifies, before dropout: [N, C].
  virtual torch::Tensor features(const torch::Tensor& nchw) = 0;
  /// The last stage: logits are linear in the features.
  virtual torch::nn::Linear classifier() const = 0;

  /// Input "image" [N,3,h,w] (N symbolic); outputs "logits" [N,K], "cam" [N,K,h',w'], "features" [N,C]; batch norm folded, dropout left out,
  /// weights as float32 or as float16 with a Cast.
  virtual OnnxGraph to_onnx(bool half_weights) const = 0;

  /// The layers in groups, from the image (0) to the logits (stages() - 1): what freezing and learning rates by depth count in.
  virtual int stages() const { return 1; }
  /// The stage of a parameter, buffer or module by its full name ("conv1.weight", "conv1").
  virtual int stage_of(const std::string& name) const;

  /// Takes the first stages out of the training: no gradient, and batch norm keeps its running figures. 0: all of them train.
  void freeze_stages(int count);
  /// Batch norm keeps its running figures in all stages, also where its scale and shift train.
  void keep_statistics();
  void train(bool on = true) override;

  /// One seed for each sample of the next batch in training: dropout draws from them, so that a sample meets the same mask in whichever batch and process.
  void seed_samples(std::vector<std::uint64_t> seeds) { sample_seeds_ = std::move(seeds); }

 protected:
  /// Dropout of x [N, ...] in training, x itself otherwise: each value of a sample is left out with probability p and the others scaled by 1 / (1 - p). layer:
  /// another number for each dropout of the network. Throws std::logic_error when the batch was given other than N seeds.
  torch::Tensor drop_values(const torch::Tensor& x, double p, std::uint64_t layer) const;
  /// The same for whole samples (stochastic depth, Huang 2016).
  torch::Tensor drop_samples(const torch::Tensor& x, double p, std::uint64_t layer) const;

 private:
  int frozen_stages_ = 0;
  bool keeps_statistics_ = false;
  std::vector<std::uint64_t> sample_seeds_;
};

/// Throws std::runtime_error naming the known networks when the name is not one of them.
std::shared_ptr<Network> make_network(const NetworkOptions& options);

/// Learned numbers, batch norm's running figures not among them.
std::int64_t parameter_count(const Network& network);

}  // namespace lobule
