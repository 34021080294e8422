#include "fuzz.h"
#include "model_metadata.h"

using namespace lobule;

namespace {

void check_spec(const std::string& text) {
  const auto spec = fuzz::parsed([&] { return model_metadata::parse_spec(model_metadata::parse_json("spec", text)); });
  if (!spec) return;
  const std::string written = model_metadata::to_json(*spec).dump();
  const ModelSpec again = model_metadata::parse_spec(model_metadata::parse_json("spec", written));
  fuzz::require(model_metadata::to_json(again).dump() == written, "a specification that parses is written, and parses to the same");
}

void check_golden_vectors(const std::string& text) {
  const auto golden = fuzz::parsed([&] { return model_metadata::parse_golden(text, 2); });
  if (!golden) return;
  const std::string written = model_metadata::to_json(*golden).dump();
  fuzz::require(model_metadata::to_json(model_metadata::parse_golden(written, 2)).dump() == written,
                "golden vectors that parse are written, and parse to the same");
}

void check_patients(const std::string& text) {
  const auto patients = fuzz::parsed([&] { return model_metadata::parse_patients(text); });
  if (!patients) return;
  fuzz::require(model_metadata::parse_patients(nlohmann::ordered_json(*patients).dump()) == *patients,
                "patients that parse are written, and parse to the same");
}

void check_facts(const std::string& text) {
  const auto spec = fuzz::parsed([&] { return parse_model_facts(text); });
  if (spec) fuzz::require(spec->class_names.size() >= 2 && spec->temperature > 0, "a specification out of facts is checked");
}

}  // namespace

/// The first letter says which of a model file's JSON texts the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text = fuzz::text_of(data + 1, size - 1);
  switch (data[0]) {
    case 's':
      check_spec(text);
      break;
    case 'g':
      check_golden_vectors(text);
      break;
    case 'p':
      check_patients(text);
      break;
    case 'f':
      check_facts(text);
      break;
    case 'o':
      fuzz::parsed([&] { return model_metadata::parse_object("object", text); });
      break;
    default:
      return -1;  // not kept in the corpus
  }
  return 0;
}
