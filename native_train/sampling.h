#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lobule {

/// Which training images an epoch draws.
enum class Balance {
  none,     // each once
  patient,  // so that classes count the same, and within a class its patients
};

/// No image is drawn more often than this, on average, in an epoch: the few of a small patient would be learnt by heart.
inline constexpr double kMostDraws = 4;

/// How often each image is drawn in an epoch, on average, for Balance::patient: as many draws as images in all, each class the same share of them, and of a
/// class's share each of its patients; what kMostDraws cuts off goes to the other images in proportion. A patient with images of two classes counts in both.
std::vector<double> balanced_draws(const std::vector<std::int64_t>& labels, const std::vector<std::string>& patients);

/// The images of an epoch in a random order. draws[i]: how often image i comes on average, summing to draws.size(); it comes that often rounded down or up.
/// A copy of an image that comes again is numbered i + n * draws.size(), n = 1, 2, ..., so that it is augmented in its own way.
std::vector<std::size_t> draw_images(const std::vector<double>& draws, std::uint64_t seed);

}  // namespace lobule
