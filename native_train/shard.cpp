#include "shard.h"

#include <algorithm>
#include <stdexcept>

namespace lobule {

Slice shard(std::size_t n, int rank, int size) {
  if (rank < 0 || rank >= size) throw std::logic_error("shard: no process " + std::to_string(rank) + " of " + std::to_string(size));
  const auto position = static_cast<std::size_t>(rank);
  const std::size_t whole = n / static_cast<std::size_t>(size);
  const std::size_t more = n % static_cast<std::size_t>(size);  // so many processes take one more
  const std::size_t begin = position * whole + std::min(position, more);
  return {begin, begin + whole + (position < more ? 1 : 0)};
}

BatchPlan shard_batches(const BatchPlan& plan, int rank, int size) {
  BatchPlan part;
  part.reserve(plan.size());
  for (const std::vector<std::size_t>& batch : plan) {
    const Slice slice = shard(batch.size(), rank, size);
    part.emplace_back(batch.begin() + static_cast<std::ptrdiff_t>(slice.begin), batch.begin() + static_cast<std::ptrdiff_t>(slice.end));
  }
  return part;
}

}  // namespace lobule
