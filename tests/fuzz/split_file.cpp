#include <algorithm>

#include "fuzz.h"
#include "split.h"

using namespace lobule;

namespace {

/// Two images of each of six patients: a.png to l.png, classes in turn.
Dataset twelve_images() {
  Dataset dataset;
  dataset.root = "root";
  dataset.class_names = {"benign", "malignant"};
  for (int i = 0; i < 12; ++i) {
    Sample sample;
    sample.path = std::string(1, static_cast<char>('a' + i)) + ".png";
    sample.label = i / 2 % 2;
    sample.patient = "p" + std::to_string(i / 2);
    dataset.samples.push_back(sample);
  }
  return dataset;
}

}  // namespace

/// The first letter is the fold that tests, or no digit for none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text = fuzz::text_of(data + 1, size - 1);
  const std::optional<int> fold = data[0] >= '0' && data[0] <= '9' ? std::optional<int>(data[0] - '0') : std::nullopt;
  Dataset dataset = twelve_images();
  const bool applied = fuzz::parsed([&] {
                         apply_split_text(dataset, text, fold);
                         return true;
                       }).has_value();
  if (!applied) return 0;
  Dataset again = twelve_images();
  apply_split_text(again, split_csv(dataset));
  const bool same =
      std::equal(dataset.samples.begin(), dataset.samples.end(), again.samples.begin(), [](const Sample& a, const Sample& b) { return a.set == b.set; });
  fuzz::require(same, "a split that is applied is written, and applies to the same");
  return 0;
}
