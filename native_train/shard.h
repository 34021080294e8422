#pragma once

#include <cstddef>

#include "batches.h"

namespace lobule {

/// A contiguous part of n things.
struct Slice {
  std::size_t begin = 0;
  std::size_t end = 0;  // past the last
  std::size_t size() const { return end - begin; }
};

/// What process `rank` of `size` takes of n things: each thing belongs to one process, in the order of ranks; sizes differ by one at most and the first ones
/// take more, so that rank 0 never goes without. Throws std::logic_error when rank is none of size.
Slice shard(std::size_t n, int rank, int size);

/// The process's part of each batch. Where a batch has fewer images than there are processes, the last ones find theirs empty: they still take part in its
/// step.
BatchPlan shard_batches(const BatchPlan& plan, int rank, int size);

}  // namespace lobule
