#include "early_stopping.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace lobule;

namespace {

std::vector<EpochRecord> history_of(const std::vector<double>& losses) {
  std::vector<EpochRecord> history;
  for (const double loss : losses) {
    EpochRecord record;
    record.epoch = static_cast<int>(history.size()) + 1;
    record.val.emplace().loss = loss;
    history.push_back(record);
  }
  return history;
}

}  // namespace

TEST_CASE("The best epoch is the first with the lowest validation loss") {
  CHECK(best_epoch({}) == 0);
  CHECK(best_epoch(history_of({0.9, 0.5, 0.7, 0.5})) == 2);
}

TEST_CASE("Training stops when patience epochs in a row were not better than the best") {
  CHECK_FALSE(should_stop(history_of({0.9, 0.5, 0.6}), 2));
  CHECK(should_stop(history_of({0.9, 0.5, 0.6, 0.5}), 2));
  CHECK_FALSE(should_stop(history_of({0.9, 0.5, 0.6, 0.4}), 2));
}

TEST_CASE("Patience 0 never stops a training") { CHECK_FALSE(should_stop(history_of({0.1, 0.2, 0.3, 0.4, 0.5}), 0)); }

TEST_CASE("Without a validation set the last epoch is the best, and nothing stops early") {
  std::vector<EpochRecord> history(5);
  for (int i = 0; i < 5; ++i) history[static_cast<std::size_t>(i)].epoch = i + 1;
  CHECK(best_epoch(history) == 5);
  CHECK_FALSE(should_stop(history, 1));
}
