#include "lobule/onnx_file.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string file = fuzz::text_of(data, size);
  const auto model = fuzz::parsed([&] { return parse_onnx(fuzz::bytes_of(file)); });
  if (!model) return 0;
  const std::string written = serialize_onnx(*model);
  fuzz::require(serialize_onnx(parse_onnx(fuzz::bytes_of(written))) == written, "a model that parses is written, and parses to the same");
  return 0;
}
