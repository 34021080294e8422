#include "learning_rate.h"

#include <catch2/catch.hpp>

using namespace lobule;

namespace {

TrainOptions options_with(Schedule schedule, double warmup_epochs) {
  TrainOptions options;
  options.epochs = 10;
  options.learning_rate = 0.5;
  options.schedule = schedule;
  options.warmup_epochs = warmup_epochs;
  return options;
}

}  // namespace

TEST_CASE("A learning rate without schedule is the same at every step") {
  const TrainOptions options = options_with(Schedule::constant, 0);
  CHECK(learning_rate_at(options, 0, 7) == 0.5);
  CHECK(learning_rate_at(options, 69, 7) == 0.5);
}

TEST_CASE("Warm-up rises by equal amounts and ends at the learning rate") {
  const TrainOptions options = options_with(Schedule::constant, 2);
  CHECK(learning_rate_at(options, 0, 5) == Approx(0.05));
  CHECK(learning_rate_at(options, 4, 5) == Approx(0.25));
  CHECK(learning_rate_at(options, 9, 5) == 0.5);
}

TEST_CASE("A cosine is at half its height in the middle, and near 0 at the last step") {
  const TrainOptions options = options_with(Schedule::cosine, 2);
  CHECK(learning_rate_at(options, 10, 5) == 0.5);
  CHECK(learning_rate_at(options, 30, 5) == Approx(0.25));
  CHECK(learning_rate_at(options, 49, 5) == Approx(0.5 * 0.5 * (1 - 0.99691733)).epsilon(1e-3));  // cos(pi / 40)
}

TEST_CASE("A warm-up longer than the training never divides by nothing") {
  const TrainOptions options = options_with(Schedule::cosine, 10);
  CHECK(learning_rate_at(options, 49, 5) == 0.5);
}
