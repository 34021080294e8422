#include "shard.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

namespace lobule {

TEST_CASE("The processes' parts of every batch together are the batch, in its order") {
  const BatchPlan plan = shuffled_batches(103, 10, 3, 1);
  for (const int size : {1, 2, 3, 7, 16}) {
    std::vector<BatchPlan> parts;
    for (int rank = 0; rank < size; ++rank) parts.push_back(shard_batches(plan, rank, size));
    for (std::size_t i = 0; i < plan.size(); ++i) {
      std::vector<std::size_t> joined;
      for (const BatchPlan& part : parts) joined.insert(joined.end(), part.at(i).begin(), part.at(i).end());
      CHECK(joined == plan[i]);
    }
  }
}

TEST_CASE("Sizes of the processes' parts differ by one at most") {
  for (std::size_t n = 0; n < 20; ++n) {
    std::vector<std::size_t> sizes;
    for (int rank = 0; rank < 6; ++rank) sizes.push_back(shard(n, rank, 6).end - shard(n, rank, 6).begin);
    const auto [smallest, largest] = std::minmax_element(sizes.begin(), sizes.end());
    CHECK(*largest - *smallest <= 1);
    CHECK(sizes.front() == *largest);
  }
}

TEST_CASE("A process that is none is a defect") { CHECK_THROWS_AS(shard(3, 2, 2), std::logic_error); }

}  // namespace lobule
