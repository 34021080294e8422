#include "split.h"

#include <map>
#include <stdexcept>

#include "lobule/number_text.h"
#include "patient_group.h"

namespace lobule {

SplitShares parse_split_shares(const std::string& text) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string::npos ? first : text.find('/', first + 1);
  if (second != std::string::npos) {
    const auto train = parse_double(text.substr(0, first));
    const auto val = parse_double(text.substr(first + 1, second - first - 1));
    const auto test = parse_double(text.substr(second + 1));
    if (train && val && test && *train > 0 && *val >= 0 && *test >= 0 && *val + *test > 0) return {*train, *val, *test};
  }
  throw std::runtime_error("--ratios \"" + text + "\" is not TRAIN/VAL/TEST like 60/20/20");
}

std::vector<std::pair<std::size_t, std::size_t>> images_shared_by_patients(const Dataset& dataset, const PixelHashes& hashes) {
  std::vector<std::pair<std::size_t, std::size_t>> shared;
  std::map<std::string, std::size_t> first_of_hash;
  for (std::size_t i = 0; i < hashes.samples.size(); ++i) {
    const std::size_t other = hashes.samples[i];
    const std::size_t first = first_of_hash.emplace(hashes.pixel_sha256[i], other).first->second;
    const Sample& a = dataset.samples[first];
    const Sample& b = dataset.samples[other];
    if (a.patient == b.patient) continue;
    if (a.label != b.label) {
      throw std::runtime_error(a.path + " (" + dataset.class_names[static_cast<std::size_t>(a.label)] + ", patient " + a.patient + ") and " + b.path + " (" +
                               dataset.class_names[static_cast<std::size_t>(b.label)] + ", patient " + b.patient +
                               ") are the same image with different labels; remove or correct one");
    }
    shared.emplace_back(first, other);
  }
  return shared;
}

void check_no_image_in_two_sets(const Dataset& dataset, const PixelHashes& hashes) {
  std::map<std::string, const Sample*> first_of_hash;
  for (std::size_t i = 0; i < hashes.samples.size(); ++i) {
    const Sample& sample = dataset.samples[hashes.samples[i]];
    if (sample.set == SetName::none) continue;
    const Sample& first = *first_of_hash.emplace(hashes.pixel_sha256[i], &sample).first->second;
    if (first.set != sample.set) {
      throw std::runtime_error("the same image is in two sets: " + first.path + " in " + to_string(first.set) + ", " + sample.path + " in " +
                               to_string(sample.set));
    }
  }
}

void split_by_patient(Dataset& dataset, const PixelHashes& hashes, const SplitShares& shares, std::uint64_t seed) {
  const double total = shares.train + shares.val + shares.test;
  std::vector<SetName> sets;
  std::vector<double> set_shares;
  const auto add_set = [&](SetName set, double share) {
    if (share == 0) return;
    sets.push_back(set);
    set_shares.push_back(share / total);
  };
  add_set(SetName::train, shares.train);
  add_set(SetName::val, shares.val);
  add_set(SetName::test, shares.test);

  const std::vector<PatientGroup> groups = patient_groups(dataset, all_samples(dataset), hashes);
  const std::vector<int> part_of = balance_groups(dataset, groups, set_shares, seed);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t i : groups[g].samples) dataset.samples[i].set = sets[static_cast<std::size_t>(part_of[g])];
  }
}

std::vector<int> fold_by_patient(const Dataset& dataset, const PixelHashes& hashes, int folds, std::uint64_t seed) {
  const std::vector<PatientGroup> groups = patient_groups(dataset, all_samples(dataset), hashes);
  const std::vector<double> shares(static_cast<std::size_t>(folds), 1.0 / folds);
  const std::vector<int> part_of = balance_groups(dataset, groups, shares, seed);
  std::vector<int> fold_of(dataset.samples.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t i : groups[g].samples) fold_of[i] = part_of[g];
  }
  return fold_of;
}

}  // namespace lobule
