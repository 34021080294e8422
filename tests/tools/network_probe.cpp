// network_probe NETWORK WIDTHxHEIGHT CLASSES WEIGHTS INPUT eval|train [EXPORTED]: a network with those weights (a safetensors file) on INPUT, raw float32 values
// of as many images as they make. Prints {"logits": [...]}; after `train`, one step in double precision without dropout of values, with the samples' seeds 0, 1, 2, ..., also
// {"buffers": {"NAME": [...]}, "gradients": {"NAME": ROOT_OF_SUM_OF_SQUARES}}, the gradients those of the sum of the logits' squares. EXPORTED: a file that its ONNX graph is written to. tests/python hold it against the published PyTorch port.
#include <torch/torch.h>

#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "atomic_file.h"
#include "lobule/onnx_file.h"
#include "pretrained_weights.h"
#include "train_options.h"

namespace {

torch::Tensor read_input(const std::string& file, const lobule::NetworkOptions& options) {
  const std::string bytes = lobule::read_file(file);
  const torch::Tensor values = torch::empty({static_cast<std::int64_t>(bytes.size() / sizeof(float))});
  std::memcpy(values.data_ptr(), bytes.data(), values.nbytes());
  return values.reshape({-1, 3, options.height, options.width});
}

std::vector<double> numbers(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.detach().to(torch::kFloat64).contiguous();
  return {flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel()};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7 && argc != 8) {
    std::cerr << "network_probe NETWORK WIDTHxHEIGHT CLASSES WEIGHTS INPUT eval|train [EXPORTED]\n";
    return 2;
  }
  try {
    lobule::NetworkOptions options;
    options.network = argv[1];
    lobule::set_input_size(argv[2], options);
    options.classes = std::stoi(argv[3]);
    options.dropout = 0;
    const auto network = lobule::make_network(options);
    lobule::load_pretrained_weights(argv[4], options, *network);
    const bool training = std::string(argv[6]) == "train";
    network->train(training);
    const torch::Tensor input = read_input(argv[5], options).to(training ? torch::kFloat64 : torch::kFloat32);
    if (training) network->to(torch::kFloat64);
    std::vector<std::uint64_t> seeds(static_cast<std::size_t>(input.size(0)));
    std::iota(seeds.begin(), seeds.end(), 0);
    network->seed_samples(seeds);

    const torch::AutoGradMode gradients(training);
    const torch::Tensor logits = network->forward(input);
    nlohmann::ordered_json json = {{"logits", numbers(logits)}};
    if (training) {
      logits.square().sum().backward();
      for (const auto& item : network->named_parameters()) json["gradients"][item.key()] = item.value().grad().norm().item<double>();
      for (const auto& item : network->named_buffers()) json["buffers"][item.key()] = numbers(item.value());
    }
    std::cout << json.dump() << "\n";
    if (argc == 8) {
      lobule::OnnxModel model;
      model.graph = network->to_onnx(false);
      lobule::write_file_atomically(argv[7], lobule::serialize_onnx(model));
    }
    return 0;
  } catch (const std::runtime_error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
