#include "lobule/history.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string text = fuzz::text_of(data, size);
  const auto history = fuzz::parsed([&] { return parse_history(text); });
  if (!history) return 0;
  const auto lines = [](const std::vector<EpochRecord>& records) {
    std::string written;
    for (const EpochRecord& record : records) written += to_json_line(record) + '\n';
    return written;
  };
  const std::string written = lines(*history);
  fuzz::require(lines(parse_history(written)) == written, "a history that parses is written, and parses to the same");
  return 0;
}
