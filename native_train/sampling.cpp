#include "sampling.h"

#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <stdexcept>
#include <utility>

#include "lobule/portable_math.h"

namespace lobule {
namespace {

/// Scaled to sum to their number, none above kMostDraws.
void limit_draws(std::vector<double>& draws) {
  std::vector<bool> at_limit(draws.size(), false);
  for (bool changed = true; changed;) {
    changed = false;
    double left = static_cast<double>(draws.size());
    double sum = 0;
    for (std::size_t i = 0; i < draws.size(); ++i) {
      if (at_limit[i]) {
        left -= kMostDraws;
      } else {
        sum += draws[i];
      }
    }
    for (std::size_t i = 0; i < draws.size(); ++i) {
      if (at_limit[i]) continue;
      draws[i] *= left / sum;
      if (draws[i] > kMostDraws) {
        draws[i] = kMostDraws;
        at_limit[i] = true;
        changed = true;
      }
    }
  }
}

/// Fisher & Yates, in Durstenfeld's form.
void shuffle(std::vector<std::size_t>& order, SplitMix64& random) {
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace

std::vector<double> balanced_draws(const std::vector<std::int64_t>& labels, const std::vector<std::string>& patients) {
  if (labels.size() != patients.size() || labels.empty()) throw std::logic_error("balanced_draws: needs a patient for each label");
  std::map<std::pair<std::int64_t, std::string>, double> images;  // of each class and patient
  std::map<std::int64_t, double> patients_of_class;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (++images[{labels[i], patients[i]}] == 1) ++patients_of_class[labels[i]];
  }
  std::vector<double> draws;
  for (std::size_t i = 0; i < labels.size(); ++i) draws.push_back(1 / (patients_of_class[labels[i]] * images[{labels[i], patients[i]}]));
  limit_draws(draws);
  return draws;
}

std::vector<std::size_t> draw_images(const std::vector<double>& draws, std::uint64_t seed) {
  SplitMix64 random(seed);
  std::vector<std::size_t> order(draws.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(order, random);
  // Systematic sampling (Madow 1944): one random offset, then a draw each whole number that the running sum passes.
  std::vector<std::size_t> drawn;
  const double offset = random.uniform();
  double sum = 0;
  for (const std::size_t image : order) {
    sum += draws[image];
    for (std::size_t copy = 0; drawn.size() < draws.size() && static_cast<double>(drawn.size()) + offset < sum; ++copy) {
      drawn.push_back(image + copy * draws.size());
    }
  }
  // Rounding of the sum may have lost the last.
  for (const std::size_t image : order) {
    if (drawn.size() == draws.size()) break;
    drawn.push_back(image);
  }
  shuffle(drawn, random);
  return drawn;
}

}  // namespace lobule
