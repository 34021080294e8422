#include "fuzz.h"
#include "labelled_image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string text = fuzz::text_of(data, size);
  const auto images = fuzz::parsed([&] { return parse_csv_manifest(text, "root"); });
  if (!images) return 0;
  for (const ManifestImage& listed : *images) {
    const Sample& sample = listed.image.sample;
    fuzz::require(!listed.image.label.empty() && listed.line > 0 && sample.magnification >= 0, "a listed image has label and line");
    fuzz::require(sample.file.lexically_normal().generic_string().rfind("root", 0) == 0, "an image lies below the manifest's folder");
  }
  return 0;
}
