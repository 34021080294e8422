#include "fuzz.h"
#include "lobule/evaluation.h"
#include "lobule/evaluation_charts.h"
#include "lobule/report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string text = fuzz::text_of(data, size);
  const auto evaluation = fuzz::parsed([&] { return parse_evaluation(text); });
  if (!evaluation) return 0;
  const std::string written = to_json(*evaluation);
  fuzz::require(to_json(parse_evaluation(written)) == written, "an evaluation that parses is written, and parses to the same");
  html_report(*evaluation, "fuzz");
  classification_report(*evaluation);
  for (const std::string_view chart : kChartNames) {
    chart_svg(*evaluation, chart);
    chart_csv(*evaluation, chart);
  }
  return 0;
}
