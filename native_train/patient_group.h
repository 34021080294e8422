#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dataset.h"
#include "image_set.h"

namespace lobule {

/// Patients that must be in one set: one patient, or several that share an identical image.
struct PatientGroup {
  std::vector<std::size_t> samples;       // indices into Dataset::samples, ascending
  std::vector<double> images_of_class;    // counts by class, as doubles since shares are made of them
  std::vector<double> patients_of_class;  // patients with an image of the class
};

/// The groups of the chosen samples, in the order of each one's first sample.
std::vector<PatientGroup> patient_groups(const Dataset& dataset, const std::vector<std::size_t>& chosen, const PixelHashes& hashes);

/// The part (0..shares.size()-1) of each group such that every class is spread by `shares` (> 0, summing to 1), in images and
/// in patients. Throws std::runtime_error when there are fewer groups than parts or a class cannot be in every part.
std::vector<int> balance_groups(const Dataset& dataset, const std::vector<PatientGroup>& groups, const std::vector<double>& shares, std::uint64_t seed);

}  // namespace lobule
