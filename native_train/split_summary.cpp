#include <algorithm>
#include <map>
#include <set>

#include "split.h"

namespace lobule {
namespace {

std::string padded_left(const std::string& text, std::size_t width) { return std::string(width > text.size() ? width - text.size() : 0, ' ') + text; }

std::string padded_right(const std::string& text, std::size_t width) { return text + std::string(width > text.size() ? width - text.size() : 0, ' '); }

/// A row for each part that has samples, a pair of columns (patients, images) for each class, and the sums.
std::string table_of_parts(const Dataset& dataset, const std::vector<std::string>& part_names, const std::vector<int>& part_of) {
  constexpr std::size_t kNameWidth = 8;
  constexpr std::size_t kNumberWidth = 10;
  std::vector<std::string> columns = dataset.class_names;
  columns.push_back("all");

  std::string text = padded_right("", kNameWidth);
  for (const std::string& column : columns) text += padded_left(column, 2 * kNumberWidth);
  text += '\n' + padded_right("", kNameWidth);
  for (std::size_t c = 0; c < columns.size(); ++c) text += padded_left("patients", kNumberWidth) + padded_left("images", kNumberWidth);
  text += '\n';

  for (std::size_t part = 0; part < part_names.size(); ++part) {
    std::vector<std::set<std::string>> patients(columns.size());
    std::vector<std::size_t> images(columns.size());
    for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
      if (part_of[i] != static_cast<int>(part)) continue;
      for (const std::size_t column : {static_cast<std::size_t>(dataset.samples[i].label), columns.size() - 1}) {
        patients[column].insert(dataset.samples[i].patient);
        ++images[column];
      }
    }
    if (images.back() == 0) continue;
    text += padded_right(part_names[part], kNameWidth);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      text += padded_left(std::to_string(patients[c].size()), kNumberWidth) + padded_left(std::to_string(images[c]), kNumberWidth);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::string split_summary(const Dataset& dataset) {
  const std::vector<SetName> sets = {SetName::train, SetName::val, SetName::test, SetName::none};
  std::vector<int> part_of;
  for (const Sample& sample : dataset.samples) {
    part_of.push_back(static_cast<int>(std::find(sets.begin(), sets.end(), sample.set) - sets.begin()));
  }
  return table_of_parts(dataset, {"train", "val", "test", "no set"}, part_of);
}

std::string fold_summary(const Dataset& dataset, const std::vector<int>& folds) {
  std::vector<std::string> names;
  const int count = folds.empty() ? 0 : *std::max_element(folds.begin(), folds.end()) + 1;
  for (int fold = 0; fold < count; ++fold) names.push_back("fold " + std::to_string(fold));
  return table_of_parts(dataset, names, folds);
}

}  // namespace lobule
