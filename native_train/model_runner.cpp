#include "model_runner.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "atomic_file.h"
#include "device.h"
#include "lobule/preprocess.h"
#include "lobule/sha256.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

ModelFile open_model_file(const fs::path& path) {
  const std::string bytes = read_file(path);
  try {
    return read_model_file(std::as_bytes(std::span(bytes)));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path.string() + ": " + error.what());
  }
}

OnnxInterpreter make_interpreter(const fs::path& path, const OnnxModel& model, torch::Device device) {
  try {
    return OnnxInterpreter(model, device);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path.string() + ": " + error.what());
  }
}

}  // namespace

ModelRunner::ModelRunner(const fs::path& file, torch::Device device)
    : path_(file), file_(open_model_file(file)), device_(device), interpreter_(make_interpreter(file, file_.onnx, device)) {}

NetworkOutputs ModelRunner::run(std::span<const float> nchw, std::size_t images) const {
  const std::int64_t for_values = OnnxLimits().peak_bytes - file_.cost.weight_bytes;
  const std::int64_t an_image = std::max<std::int64_t>(1, file_.cost.peak_bytes - file_.cost.weight_bytes);
  const auto at_once = static_cast<std::size_t>(std::max<std::int64_t>(1, for_values / an_image));
  const std::size_t floats = nchw.size() / std::max<std::size_t>(1, images);
  NetworkOutputs outputs;
  for (std::size_t first = 0; first < images; first += at_once) {
    const std::size_t count = std::min(at_once, images - first);
    append(nchw.subspan(first * floats, count * floats), count, outputs);
  }
  return outputs;
}

void ModelRunner::append(std::span<const float> nchw, std::size_t images, NetworkOutputs& outputs) const {
  const torch::NoGradGuard no_gradient;
  const auto rows = static_cast<std::int64_t>(images);
  // from_blob neither owns nor writes: the const is given back.
  const torch::Tensor input = torch::from_blob(const_cast<float*>(nchw.data()), {rows, 3, spec().input.height, spec().input.width}, torch::kFloat32);
  const auto tensors = interpreter_.run(input.to(device_));
  append_output(tensors.at("logits"), "logits", images, outputs.logits);
  append_output(tensors.at("features"), "features", images, outputs.features);
}

void ModelRunner::append_output(const torch::Tensor& output, const char* name, std::size_t images, std::vector<float>& values) const {
  const auto said =
      std::find_if(file_.onnx.graph.outputs.begin(), file_.onnx.graph.outputs.end(), [&](const OnnxValueInfo& info) { return info.name == name; });
  const std::int64_t columns = said->dims.at(1).value;
  const torch::Tensor host = to_host(output).to(torch::kFloat32).contiguous();
  if (host.dim() != 2 || host.size(0) != static_cast<std::int64_t>(images) || host.size(1) != columns) {
    throw std::runtime_error(path_.string() + ": " + name + " have the wrong shape for " + std::to_string(images) + " images of " + std::to_string(columns));
  }
  values.insert(values.end(), host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
}

std::vector<GoldenResult> ModelRunner::run_golden_vectors() const {
  std::vector<GoldenResult> results;
  const InputSpec& input = spec().input;
  for (std::size_t i = 0; i < file_.package.golden.vectors.size(); ++i) {
    const GoldenVector& golden = file_.package.golden.vectors[i];
    const std::vector<float> nchw = preprocess(golden_image(golden.seed, input.width, input.height), input);
    const std::vector<float> got = run(nchw, 1).logits;
    GoldenResult result{golden.seed, tensor_sha256(nchw), 0, check_golden(file_.package, i, got)};
    for (std::size_t k = 0; k < got.size(); ++k) {
      const double difference = std::abs(static_cast<double>(got[k]) - golden.logits[k]);
      if (!(difference <= result.largest_difference)) result.largest_difference = difference;  // true for NaN too
    }
    results.push_back(std::move(result));
  }
  return results;
}

void ModelRunner::require_golden_vectors() const {
  for (const GoldenResult& result : run_golden_vectors()) {
    if (result.verdict != "ok") throw std::runtime_error(path_.string() + ": " + result.verdict + "; it is not safe to use on this machine");
  }
}

}  // namespace lobule
