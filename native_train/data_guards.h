#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dataset.h"
#include "image_set.h"

namespace lobule {

/// Two images of different sets that look alike.
struct NearDuplicate {
  std::size_t first = 0;   // index into Dataset::samples
  std::size_t second = 0;  // the same, larger
  int distance = 0;        // bits in which their perceptual hashes differ, in the orientation that fits best: 0..64
};

/// Largest distance that is told, chosen by tests/tools/near_duplicate_table.cpp: of the pairs of different patients 0 of 760,970 (BreaKHis) and 1 of 33,029,885
/// (idc, 50 x 50 pixels) lie within it, and all BreaKHis images are still found at half their size, 97.6 % with 1 % of each side cut off.
inline constexpr int kNearDuplicateDistance = 7;

/// Pairs of different sets within the distance, closest first. Turned and mirrored images are found, too; images too even to have a hash are left out.
std::vector<NearDuplicate> near_duplicates(const Dataset& dataset, const LoadedImages& images, int distance = kNearDuplicateDistance);

/// Names up to ten of them on stderr, and their count.
void warn_of_near_duplicates(const Dataset& dataset, const LoadedImages& images);

/// Throws std::runtime_error when the name of an image's file (BreaKHis: SOB_B_, SOB_M_; idc: class0, class1) or a folder (benign, malignant) says another class of
/// the data set than its label, after naming up to ten on stderr: a table whose columns slipped trains without complaint. Names that say nothing
/// are no contradiction.
void check_labels_against_names(const Dataset& dataset);

/// Says on stderr what can be trained with, but is hardly meant: a class with a single image to validate by (without one it is refused), and a batch larger
/// than the training set. Labels are those of the images that can be read, as indices into class_names.
void warn_of_small_sets(std::span<const std::int64_t> train_labels, std::span<const std::int64_t> val_labels, const std::vector<std::string>& class_names,
                        int batch_size);

}  // namespace lobule
