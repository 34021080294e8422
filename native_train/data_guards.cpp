#include "data_guards.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iostream>
#include <stdexcept>
#include <string>
#include <tuple>

#include "lobule/case_id.h"
#include "perceptual_hash.h"

namespace lobule {
namespace {

constexpr std::size_t kNamed = 10;
constexpr int kPieces = 8;  // bytes of a hash

std::size_t byte_of(std::uint64_t hash, int piece) { return static_cast<std::size_t>(hash >> (8 * piece) & 255); }

/// Hashes by each of their bytes: two that differ in fewer bits than there are bytes have a byte in common (multi-index hashing: Norouzi, Punjani and Fleet,
/// "Fast Search in Hamming Space with Multi-Index Hashing", 2012).
class HashIndex {
 public:
  void add(std::size_t image, std::uint64_t hash) {
    for (int piece = 0; piece < kPieces; ++piece) buckets_[static_cast<std::size_t>(piece)][byte_of(hash, piece)].push_back({image, hash});
  }
  template <typename Visit>
  void visit_candidates(std::uint64_t hash, const Visit& visit) const {
    for (int piece = 0; piece < kPieces; ++piece) {
      for (const auto& [image, other] : buckets_[static_cast<std::size_t>(piece)][byte_of(hash, piece)]) visit(image, other);
    }
  }

 private:
  std::array<std::array<std::vector<std::pair<std::size_t, std::uint64_t>>, 256>, kPieces> buckets_;
};

}  // namespace

std::vector<NearDuplicate> near_duplicates(const Dataset& dataset, const LoadedImages& images, int distance) {
  if (distance < 0 || distance >= kPieces) throw std::logic_error("near_duplicates: the index finds distances of 0 to 7");
  HashIndex index;
  std::vector<NearDuplicate> found;
  // Each image asks those before it, so that a pair is met from one side.
  for (std::size_t i = 0; i < images.samples.size(); ++i) {
    const std::uint64_t hash = images.perceptual_hashes[i];
    const std::size_t sample = images.samples[i];
    if (hash == 0 || dataset.samples[sample].set == SetName::none) continue;
    std::vector<NearDuplicate> of_image;
    for (const std::uint64_t turned : orientations_of(hash)) {
      index.visit_candidates(turned, [&](std::size_t other, std::uint64_t other_hash) {
        const int bits = std::popcount(turned ^ other_hash);
        if (bits <= distance && dataset.samples[other].set != dataset.samples[sample].set) of_image.push_back({other, sample, bits});
      });
    }
    std::sort(of_image.begin(), of_image.end(),
              [](const NearDuplicate& a, const NearDuplicate& b) { return std::tie(a.first, a.distance) < std::tie(b.first, b.distance); });
    const auto same_pair = [](const NearDuplicate& a, const NearDuplicate& b) { return a.first == b.first; };
    found.insert(found.end(), of_image.begin(), std::unique(of_image.begin(), of_image.end(), same_pair));
    index.add(sample, hash);
  }
  std::sort(found.begin(), found.end(),
            [](const NearDuplicate& a, const NearDuplicate& b) { return std::tie(a.distance, a.first, a.second) < std::tie(b.distance, b.first, b.second); });
  return found;
}

void warn_of_near_duplicates(const Dataset& dataset, const LoadedImages& images) {
  const std::vector<NearDuplicate> found = near_duplicates(dataset, images);
  const auto named = [&](std::size_t sample) { return dataset.samples[sample].path + " (" + to_string(dataset.samples[sample].set) + ")"; };
  for (std::size_t i = 0; i < std::min(kNamed, found.size()); ++i) {
    std::cerr << "near duplicate: " << named(found[i].first) << " and " << named(found[i].second) << ", distance " << found[i].distance << " of 64\n";
  }
  if (found.size() > kNamed) std::cerr << "near duplicate: and " << found.size() - kNamed << " more pairs\n";
  if (!found.empty()) std::cerr << "images that look alike are in different sets: if they are of one patient, the figures will be too good" << std::endl;
}

void check_labels_against_names(const Dataset& dataset) {
  std::size_t count = 0;
  std::string first;
  for (const Sample& sample : dataset.samples) {
    const std::string named = parse_case_id(sample.path).label;
    const std::string& label = dataset.class_names[static_cast<std::size_t>(sample.label)];
    const bool known = std::find(dataset.class_names.begin(), dataset.class_names.end(), named) != dataset.class_names.end();
    if (!known || named == label) continue;
    const std::string line = sample.path + " is labelled " + label + ", its name says " + named;
    if (count++ == 0) first = line;
    if (count <= kNamed) std::cerr << "label: " << line << '\n';
  }
  if (count == 0) return;
  if (count > kNamed) std::cerr << "label: and " << count - kNamed << " more\n";
  throw std::runtime_error(dataset.root.string() + ": " + std::to_string(count) + " labels contradict the names of files or folders; the first: " + first +
                           ". Correct them, or add --trust-labels");
}

void warn_of_small_sets(std::span<const std::int64_t> train_labels, std::span<const std::int64_t> val_labels, const std::vector<std::string>& class_names,
                        int batch_size) {
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    if (std::count(val_labels.begin(), val_labels.end(), static_cast<std::int64_t>(i)) != 1) continue;
    std::cerr << "the validation set has a single image of class " << class_names[i] << ": which epoch is best will be chance" << std::endl;
  }
  if (static_cast<std::size_t>(batch_size) > train_labels.size()) {
    std::cerr << "--batch-size " << batch_size << " is more than the " << train_labels.size() << " training images: each epoch is one step" << std::endl;
  }
}

}  // namespace lobule
