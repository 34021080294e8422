#include "lobule/csv.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string text = fuzz::text_of(data, size);
  const auto table = fuzz::parsed([&] { return parse_csv(text); });
  if (!table) return 0;
  fuzz::require(table->rows.size() == table->line_numbers.size(), "a row has a line");
  std::string written = csv_line(table->header);
  for (const auto& row : table->rows) {
    fuzz::require(row.size() == table->header.size(), "a row is as long as the header");
    written += csv_line(row);
  }
  const CsvTable again = parse_csv(written);
  fuzz::require(again.header == table->header && again.rows == table->rows, "a table that parses is written, and parses to the same");
  return 0;
}
