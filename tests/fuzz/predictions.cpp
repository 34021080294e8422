#include <nlohmann/json.hpp>

#include "fuzz.h"
#include "lobule/prediction_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string text = fuzz::text_of(data, size);
  const auto table = fuzz::parsed([&] { return parse_prediction_table(text); });
  if (!table) return 0;
  const std::string written = to_csv(*table);
  fuzz::require(to_csv(parse_prediction_table(written)) == written, "a table that parses is written, and parses to the same");
  fuzz::require(nlohmann::json::parse(to_json(*table)).at("predictions").size() == table->rows.size(), "the JSON has a row for each");
  return 0;
}
