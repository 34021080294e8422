#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "lobule/model_package.h"
#include "onnx_interpreter.h"

namespace lobule {

/// What executing one golden vector of a model file gave.
struct GoldenResult {
  std::uint64_t seed = 0;
  std::string tensor_sha256;      // of the preprocessed golden image
  double largest_difference = 0;  // of a logit from the one that the file states
  std::string verdict;            // "ok" or the cause
};

/// What the network says of images, row-major.
struct NetworkOutputs {
  std::vector<float> logits;    // images * K
  std::vector<float> features;  // images * C
};

/// A model file, verified and ready to run on a device.
class ModelRunner {
 public:
  /// Throws std::runtime_error "FILE: cause" for a file that read_model_file or the interpreter refuses.
  ModelRunner(const std::filesystem::path& file, torch::Device device);

  const ModelFile& file() const { return file_; }
  const ModelSpec& spec() const { return file_.package.spec; }

  /// nchw: images * 3 * height * width floats, preprocessed. Runs as many at once as the memory that OnnxLimits grants to one image's graph holds, whatever a
  /// file's graph takes.
  NetworkOutputs run(std::span<const float> nchw, std::size_t images) const;

  /// Executes every golden vector.
  std::vector<GoldenResult> run_golden_vectors() const;
  /// Throws std::runtime_error "FILE: cause" when one of them fails: a network that computes something else must not give calls.
  void require_golden_vectors() const;

 private:
  void append(std::span<const float> nchw, std::size_t images, NetworkOutputs& outputs) const;
  void append_output(const torch::Tensor& output, const char* name, std::size_t images, std::vector<float>& values) const;

  std::filesystem::path path_;
  ModelFile file_;
  torch::Device device_;
  OnnxInterpreter interpreter_;
};

}  // namespace lobule
