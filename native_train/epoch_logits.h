#pragma once

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "process_group.h"

namespace lobule {

/// Logits of an epoch's training steps, which its figures come from. Each process has those of its shards; together they make the epoch's.
class EpochLogits {
 public:
  EpochLogits(ProcessGroup& processes, std::size_t classes) : processes_(processes), classes_(static_cast<std::int64_t>(classes)) {}

  /// A collective. Of steps before a checkpoint: [images, classes] float32, in the plan's order; undefined: none. Process 0's, which has read them, become
  /// everybody's: each process makes the epoch's figures.
  void restore(const torch::Tensor& whole);
  /// shard: [n, classes] float32 on the device, this process's part of a batch of so many images; undefined where it has none of them.
  void add(const torch::Tensor& shard, std::size_t batch_images);
  /// A collective. [images of all steps so far, classes] float32 in host memory, in the plan's order; undefined where there was none.
  torch::Tensor gather();
  void clear();

 private:
  ProcessGroup& processes_;
  std::int64_t classes_;
  torch::Tensor whole_;  // gathered already
  std::vector<torch::Tensor> shards_;
  std::vector<std::size_t> batch_images_;
};

}  // namespace lobule
