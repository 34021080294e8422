#include "sampling.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include <stdexcept>

using namespace lobule;

namespace {

/// Benign: 40 images of one patient, 4 of another. Malignant: 12 each of three.
struct Uneven {
  std::vector<std::int64_t> labels;
  std::vector<std::string> patients;
  Uneven() {
    add(0, "a", 40);
    add(0, "b", 4);
    for (const char* patient : {"c", "d", "e"}) add(1, patient, 12);
  }
  void add(std::int64_t label, const std::string& patient, int images) {
    labels.insert(labels.end(), static_cast<std::size_t>(images), label);
    patients.insert(patients.end(), static_cast<std::size_t>(images), patient);
  }
  std::map<std::string, double> sums(const std::vector<double>& draws) const {
    std::map<std::string, double> sums;
    for (std::size_t i = 0; i < draws.size(); ++i) sums[patients[i]] += draws[i];
    return sums;
  }
};

double total(const std::vector<double>& draws) { return std::accumulate(draws.begin(), draws.end(), 0.0); }

}  // namespace

TEST_CASE("Balanced draws give each class the same share, and each patient of a class") {
  const std::vector<std::int64_t> labels = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  const std::vector<std::string> patients = {"a", "a", "a", "a", "b", "b", "c", "c", "c", "c", "c", "c"};
  const std::vector<double> draws = balanced_draws(labels, patients);
  CHECK(draws[0] == Approx(0.75));  // 12 images, half of them benign, half of those a's: 3 draws for 4 images
  CHECK(draws[4] == Approx(1.5));
  CHECK(draws[6] == Approx(1));
}

TEST_CASE("No image is drawn more than four times as often as on average, and the others share what that leaves") {
  const Uneven data;
  const std::vector<double> draws = balanced_draws(data.labels, data.patients);
  CHECK(total(draws) == Approx(80));
  CHECK(*std::max_element(draws.begin(), draws.end()) == Approx(kMostDraws));
  auto sums = data.sums(draws);
  CHECK(sums["b"] == Approx(16));  // of the 20 that an even share would be
  CHECK(sums["c"] == Approx(sums["d"]));
  CHECK(sums["a"] / sums["c"] == Approx(1.5));  // a half of one class against a third of the other
}

TEST_CASE("An image that no patient is known of counts as a patient of its own") {
  const std::vector<double> draws = balanced_draws({0, 0, 1, 1, 1, 1}, {"image:1", "image:2", "image:3", "image:4", "image:5", "image:6"});
  CHECK(draws[0] == Approx(1.5));
  CHECK(draws[2] == Approx(0.75));
}

TEST_CASE("An epoch draws each image as often as it should, rounded down or up") {
  const Uneven data;
  const std::vector<double> draws = balanced_draws(data.labels, data.patients);
  std::vector<double> times(draws.size());
  constexpr int kEpochs = 400;
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    std::vector<double> now(draws.size());
    const std::vector<std::size_t> drawn = draw_images(draws, static_cast<std::uint64_t>(epoch));
    REQUIRE(drawn.size() == draws.size());
    for (const std::size_t number : drawn) ++now[number % draws.size()];
    for (std::size_t i = 0; i < draws.size(); ++i) {
      REQUIRE(std::abs(now[i] - draws[i]) < 1);
      times[i] += now[i];
    }
  }
  for (std::size_t i = 0; i < draws.size(); ++i) CHECK(times[i] / kEpochs == Approx(draws[i]).margin(0.125));  // five standard errors of a half
}

TEST_CASE("Copies of an image have numbers of their own") {
  const Uneven data;
  const std::vector<std::size_t> drawn = draw_images(balanced_draws(data.labels, data.patients), 1);
  std::vector<std::size_t> numbers = drawn;
  std::sort(numbers.begin(), numbers.end());
  CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
  CHECK(numbers.back() >= 3 * data.labels.size());  // the fourth copy of one that is drawn four times
  CHECK(draw_images(balanced_draws(data.labels, data.patients), 1) == drawn);
  CHECK(draw_images(balanced_draws(data.labels, data.patients), 2) != drawn);
}

TEST_CASE("Draws without a patient each are our own mistake") {
  CHECK_THROWS_AS(balanced_draws({0, 1}, {"a"}), std::logic_error);
  CHECK_THROWS_AS(balanced_draws({}, {}), std::logic_error);
}
