#include "fuzz.h"
#include "safetensors_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string file = fuzz::text_of(data, size);
  std::string_view values;
  const auto header = fuzz::parsed([&] { return parse_safetensors_header(file, values); });
  if (!header) return 0;
  const std::string written = serialize_safetensors_header(*header) + std::string(values);
  std::string_view values_again;
  const SafeTensorsHeader again = parse_safetensors_header(written, values_again);
  fuzz::require(values_again == values, "the data come back as they were");
  fuzz::require(serialize_safetensors_header(again) + std::string(values) == written, "a header that parses is written, and parses to the same");
  return 0;
}
