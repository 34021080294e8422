#include <map>
#include <set>
#include <stdexcept>

#include "atomic_file.h"
#include "patient_group.h"
#include "split.h"

/// The published folds of BreaKHis (dsfold1.txt to dsfold5.txt; Spanhol 2016): 70 % of the patients train, 30 % test, no validation set.
namespace lobule {
namespace fs = std::filesystem;
namespace {

std::string stem_of(const std::string& name) { return fs::path(name).stem().string(); }

/// The '|'-separated fields of a line.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t start = 0;
  for (std::size_t bar = line.find('|'); bar != std::string::npos; bar = line.find('|', start)) {
    fields.push_back(line.substr(start, bar - start));
    start = bar + 1;
  }
  fields.push_back(line.substr(start));
  return fields;
}

}  // namespace

std::map<std::string, SetName> parse_fold_list(const std::string& text) {
  std::map<std::string, SetName> set_of_stem;
  int line_number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string line = text.substr(start, end - start);
    start = end + 1;
    ++line_number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    const std::string place = "line " + std::to_string(line_number) + ": ";
    const std::vector<std::string> fields = fields_of(line);
    const bool is_fold_line = fields.size() == 4 && !fields[0].empty() && (fields[3] == "train" || fields[3] == "test");
    if (!is_fold_line) throw std::runtime_error(place + "is not IMAGE|MAGNIFICATION|FOLD|train or test");
    if (!set_of_stem.emplace(stem_of(fields[0]), parse_set_name(fields[3])).second) {
      throw std::runtime_error(place + fields[0] + " is listed twice");
    }
  }
  if (set_of_stem.empty()) throw std::runtime_error("lists no image");
  return set_of_stem;
}

namespace {

std::map<std::string, SetName> read_fold_list(const fs::path& file) {
  const std::string text = read_file(file);
  try {
    return parse_fold_list(text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

}  // namespace

FoldListCoverage apply_dsfold(Dataset& dataset, const fs::path& dsfold, const PixelHashes& hashes, std::uint64_t seed) {
  const std::map<std::string, SetName> set_of_stem = read_fold_list(dsfold);
  FoldListCoverage coverage;
  coverage.listed = set_of_stem.size();
  std::set<std::string> test_patients;
  for (Sample& sample : dataset.samples) {
    const auto listed = set_of_stem.find(stem_of(sample.path));
    sample.set = listed == set_of_stem.end() ? SetName::none : listed->second;
    ++(listed == set_of_stem.end() ? coverage.unlisted : coverage.found);
    if (sample.set == SetName::test) test_patients.insert(sample.patient);
  }
  if (coverage.found == 0) throw std::runtime_error(dsfold.string() + ": names no image of " + dataset.root.string());

  // The list keeps slides apart; a patient with slides of two diagnoses (14-13412) can be on both sides. Test stays as published, so that figures compare.
  std::vector<std::size_t> training;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    Sample& sample = dataset.samples[i];
    if (sample.set != SetName::train) continue;
    if (test_patients.contains(sample.patient)) {
      sample.set = SetName::none;
      ++coverage.left_out;
    } else {
      training.push_back(i);
    }
  }
  const std::vector<PatientGroup> groups = patient_groups(dataset, training, hashes);
  const std::vector<int> part_of = balance_groups(dataset, groups, {0.8, 0.2}, seed);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t i : groups[g].samples) dataset.samples[i].set = part_of[g] == 0 ? SetName::train : SetName::val;
  }
  check_sets(dataset);
  check_no_image_in_two_sets(dataset, hashes);
  return coverage;
}

}  // namespace lobule
