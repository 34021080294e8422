#include "lobule/onnx_file.h"

#include "fuzz.h"
#include "lobule/onnx_bounds.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string file = fuzz::text_of(data, size);
  const auto model = fuzz::parsed([&] { return parse_onnx(fuzz::bytes_of(file)); });
  if (!model) return 0;
  const std::string written = serialize_onnx(*model);
  fuzz::require(serialize_onnx(parse_onnx(fuzz::bytes_of(written))) == written, "a model that parses is written, and parses to the same");

  std::vector<std::int64_t> dims = {2};  // of the input: two images, open sizes 8
  for (std::size_t i = 1; i < model->graph.inputs[0].dims.size(); ++i)
    dims.push_back(model->graph.inputs[0].dims[i].value < 0 ? 8 : model->graph.inputs[0].dims[i].value);
  const OnnxLimits limits;
  const auto cost = fuzz::parsed([&] { return check_onnx_graph(*model, dims, limits); });
  if (cost) fuzz::require(cost->peak_bytes <= limits.peak_bytes && cost->operations <= limits.operations, "a graph that passes costs no more than the limits");
  return 0;
}
