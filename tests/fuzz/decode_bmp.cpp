#include "decode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lobule::fuzz::check_decoding(lobule::fuzz::text_of(data, size));
  return 0;
}
