#include "lobule/case_id.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string path = fuzz::text_of(data, size);
  const CaseId id = parse_case_id(path);
  fuzz::require(id.magnification >= 0, "a magnification is no less than 0");
  fuzz::require(id.patient.empty() || path.find(id.patient) != std::string::npos, "a patient stands in the file's name");
  fuzz::require(id.slide.empty() || path.find(id.slide) != std::string::npos, "a slide stands in the file's name");
  fuzz::require(parse_case_id("folder/" + path) == id, "a folder that says nothing changes nothing");
  return 0;
}
