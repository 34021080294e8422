#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dataset.h"
#include "image_set.h"

namespace lobule {

/// Shares of the patients and images that the sets are to get, of any unit (60/20/20 and 3/1/1 are the same). 0: no such set.
struct SplitShares {
  double train = 60;
  double val = 20;
  double test = 20;
};

/// "60/20/20". Throws std::runtime_error when it is not three numbers, one is negative or train is 0.
SplitShares parse_split_shares(const std::string& text);

/// Puts every sample into a set by its patient, each class balanced over the sets in images and in patients; patients that
/// share an identical image stay together. A pure function of data set, hashes, shares and seed. Throws std::runtime_error when
/// identical images of different patients contradict each other's label, there are fewer patients than sets, or a class would
/// be missing from a set.
void split_by_patient(Dataset& dataset, const PixelHashes& hashes, const SplitShares& shares, std::uint64_t seed);

/// The same for `folds` equal parts: the fold (0..folds-1) of each sample.
std::vector<int> fold_by_patient(const Dataset& dataset, const PixelHashes& hashes, int folds, std::uint64_t seed);

/// Pairs of samples (the first of its kind, another one) that are the same image and belong to different patients. Throws as split_by_patient does.
std::vector<std::pair<std::size_t, std::size_t>> images_shared_by_patients(const Dataset& dataset, const PixelHashes& hashes);

/// Throws std::runtime_error naming both files when an image is in two sets under two names. What check_sets cannot see without the pixels.
void check_no_image_in_two_sets(const Dataset& dataset, const PixelHashes& hashes);

/// Set of each image that a published fold list names, by its name without extension. Throws std::runtime_error with line and cause, without a file name.
std::map<std::string, SetName> parse_fold_list(const std::string& text);

/// What a published fold list covered.
struct FoldListCoverage {
  std::size_t listed = 0;    // lines of the list
  std::size_t found = 0;     // of them in the data set
  std::size_t unlisted = 0;  // images of the data set that the list does not name: in no set
  std::size_t left_out = 0;  // training images of patients that are also in test: in no set
};

/// A published BreaKHis fold list (dsfold1.txt: "SOB_M_DC-14-11031-400-001.png|400|1|train" lines; names are compared without extension): test as it says; val,
/// a fifth of its training patients and images, chosen by `seed`. Throws std::runtime_error naming line and cause.
FoldListCoverage apply_dsfold(Dataset& dataset, const std::filesystem::path& dsfold, const PixelHashes& hashes, std::uint64_t seed);

/// path,label,patient,split lines, sorted by path: what apply_split reads. Samples in no set have an empty split.
std::string split_csv(const Dataset& dataset);
/// How many folds the text of a split file has. Throws std::runtime_error where it says sets, or has fewer than three folds.
int count_folds(const std::string& split_csv);
/// path,label,patient,fold lines.
std::string fold_csv(const Dataset& dataset, const std::vector<int>& folds);

/// Patients and images of each class in each set, as a table for people.
std::string split_summary(const Dataset& dataset);
std::string fold_summary(const Dataset& dataset, const std::vector<int>& folds);

}  // namespace lobule
