#include "lr_finder.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "lobule/portable_math.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

/// A loss that stays, falls around 1e-3 and rises again beyond 0.1, with the noise of single batches.
double typical_loss(double learning_rate, SplitMix64& random) {
  const double fall = 0.6 / (1 + std::exp(-4 * (std::log10(learning_rate) + 3)));
  return 0.8 - fall + std::pow(learning_rate / 0.3, 2) + 0.1 * (random.uniform() - 0.5);
}

std::vector<LrPoint> typical_points() {
  SplitMix64 random(3);
  return find_learning_rates([&](double learning_rate) { return typical_loss(learning_rate, random); });
}

}  // namespace

TEST_CASE("The learning rate finder raises the rate by one factor a step, from 1e-7 to 10") {
  const std::vector<LrPoint> points = find_learning_rates([](double) { return 1.0; });
  REQUIRE(points.size() == kLrSteps);
  CHECK(points.front().learning_rate == Approx(1e-7));
  CHECK(points.back().learning_rate == Approx(10));
  CHECK(points[1].learning_rate / points[0].learning_rate == Approx(points[90].learning_rate / points[89].learning_rate));
}

TEST_CASE("The learning rate finder's average of equal losses is that loss from the first step on") {
  for (const LrPoint& point : find_learning_rates([](double) { return 0.5; })) REQUIRE(point.smoothed == Approx(0.5));
}

TEST_CASE("The learning rate finder ends when the loss has diverged or is no number") {
  const std::vector<LrPoint> diverged = typical_points();
  CHECK(diverged.size() < kLrSteps);
  CHECK(diverged.back().smoothed > 4 * 0.2);
  int steps = 0;
  CHECK(find_learning_rates([&](double) { return ++steps == 20 ? NAN : 1.0; }).size() == 19);
  CHECK(steps == 20);
}

TEST_CASE("The learning rate finder suggests where the loss falls fastest, in spite of the noise of single batches") {
  const auto suggestion = suggest_learning_rate(typical_points());
  REQUIRE(suggestion);
  CHECK(suggestion->steepest > 1e-3 / 4);  // steepest at 1e-3; a slope is that of two decades
  CHECK(suggestion->steepest < 1e-3 * 4);
  CHECK(suggestion->lowest > suggestion->steepest);
  CHECK(suggestion->lowest < 0.5);
  CHECK(suggestion->tenth_of_lowest == Approx(suggestion->lowest / 10));
}

TEST_CASE("The learning rate finder suggests nothing where the loss does not fall") {
  CHECK_FALSE(suggest_learning_rate(find_learning_rates([](double) { return 0.7; })));
  CHECK_FALSE(suggest_learning_rate(find_learning_rates([](double rate) { return 0.7 + rate; })));
  CHECK_FALSE(suggest_learning_rate({}));
}

TEST_CASE("The learning rate finder takes no suggestion from noise") {
  int suggestions = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SplitMix64 random(seed);
    if (suggest_learning_rate(find_learning_rates([&](double) { return 0.7 + 0.2 * (random.uniform() - 0.5); }))) ++suggestions;
  }
  CHECK(suggestions <= 5);
}

TEST_CASE("The learning rate finder's files hold every step, and its chart both suggestions on a logarithmic axis") {
  const std::vector<LrPoint> points = typical_points();
  const std::string csv = lr_table_csv(points);
  CHECK(csv.starts_with("learning_rate,loss,smoothed_loss"));
  CHECK(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')) == points.size() + 1);
  CHECK_THAT(lr_chart_svg(points), Contains(">steepest: ") && Contains(">lowest / 10: ") && Contains(">1e-5<"));
  CHECK_THAT(lr_chart_svg({}), Contains("</svg>"));
}
