#include "fuzz.h"
#include "split.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string text = fuzz::text_of(data, size);
  const auto sets = fuzz::parsed([&] { return parse_fold_list(text); });
  if (!sets) return 0;
  fuzz::require(!sets->empty(), "a list names an image");
  for (const auto& [stem, set] : *sets) fuzz::require(set == SetName::train || set == SetName::test, "a listed image trains or tests");
  return 0;
}
