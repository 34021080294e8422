// onnx_probe MODEL INPUT: runs any ONNX file of one input through the trainer's interpreter. INPUT holds raw float32 values (as many images as
// they make). Prints {"name": {"shape": [...], "values": [...]}} for each output; tests/python hold it against ONNX Runtime.
#include <torch/torch.h>

#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <vector>

#include "atomic_file.h"
#include "device.h"
#include "onnx_interpreter.h"

namespace {

torch::Tensor read_input(const std::string& file, const lobule::OnnxValueInfo& info) {
  const std::string bytes = lobule::read_file(file);
  std::vector<std::int64_t> shape = {-1};
  for (std::size_t i = 1; i < info.dims.size(); ++i) shape.push_back(info.dims[i].value);
  const torch::Tensor values = torch::empty({static_cast<std::int64_t>(bytes.size() / sizeof(float))});
  std::memcpy(values.data_ptr(), bytes.data(), values.nbytes());
  return values.reshape(shape);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "onnx_probe MODEL INPUT\n";
    return 2;
  }
  try {
    const std::string bytes = lobule::read_file(argv[1]);
    const lobule::OnnxModel model = lobule::parse_onnx(std::as_bytes(std::span(bytes)));
    const lobule::OnnxInterpreter interpreter(model, lobule::choose_device("cpu"));
    nlohmann::ordered_json json;
    for (const auto& [name, value] : interpreter.run(read_input(argv[2], model.graph.inputs.at(0)))) {
      const torch::Tensor flat = value.to(torch::kFloat32).contiguous();
      json[name] = {{"shape", flat.sizes().vec()}, {"values", std::vector<float>(flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel())}};
    }
    std::cout << json.dump() << "\n";
    return 0;
  } catch (const std::runtime_error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
