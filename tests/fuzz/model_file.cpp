#include "fuzz.h"
#include "lobule/model_package.h"
#include "lobule/sha256.h"

namespace {

/// The file with a right digest at its end: chance alone would never get behind the check of it.
std::string signed_again(std::string file) {
  constexpr std::size_t kDigits = 64;
  if (file.size() < kDigits) return file;
  file.replace(file.size() - kDigits, kDigits, std::string(kDigits, '0'));
  return file.replace(file.size() - kDigits, kDigits, lobule::sha256_hex(file));
}

void check(const std::string& file) {
  using namespace lobule;
  const auto read = fuzz::parsed([&] { return read_model_file(fuzz::bytes_of(file)); });
  if (!read) return;
  fuzz::require(is_lobule_model(read->onnx), "a model of ours shows it");
  const std::string written = write_model_file(read->onnx, read->package);
  const ModelFile again = read_model_file(fuzz::bytes_of(written));
  fuzz::require(write_model_file(again.onnx, again.package) == written, "a model file that is read is written, and reads to the same");
  const std::string facts = model_facts_json(again);
  fuzz::require(parse_model_facts(facts).class_names == read->package.spec.class_names, "the facts hold the specification");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file = lobule::fuzz::text_of(data, size);
  check(file);
  check(signed_again(file));
  return 0;
}
