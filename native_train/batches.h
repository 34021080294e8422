#pragma once

#include <torch/torch.h>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "image_set.h"
#include "lobule/augment.h"
#include "lobule/preprocess.h"

namespace lobule {

/// Decoded images of one set with their labels.
struct LabelledImages {
  std::shared_ptr<const LoadedImages> images;  // of all sets
  std::vector<std::size_t> chosen;             // which of them, as indices
  std::vector<std::int64_t> labels;            // class index of each chosen one
  InputSpec input;
};

/// Which images make each batch, as indices into LabelledImages::chosen.
using BatchPlan = std::vector<std::vector<std::size_t>>;

/// All images in their order. The sizes of two batches differ by one image at most, so that none is left with a single image by chance.
BatchPlan ordered_batches(std::size_t images, int batch_size);

/// The same, shuffled anew for each epoch of each seed.
BatchPlan shuffled_batches(std::size_t images, int batch_size, std::uint64_t seed, int epoch);

/// What is done to the images of one epoch. Keyed by (seed, epoch, image), so the same whichever thread does it, and in whichever order.
struct EpochAugmentation {
  AugmentOptions options;
  std::uint64_t seed = 0;
  int epoch = 0;
};

struct Batch {
  torch::Tensor images;  // [n, 3, height, width] float32, normalised, channels last in memory
  torch::Tensor labels;  // [n] int64
};

/// Prepares batches ahead on threads of its own, and hands them out in order.
class BatchStream {
 public:
  /// Starts with batch number `first` of the plan. `source` must outlive the stream.
  BatchStream(const LabelledImages& source, BatchPlan plan, std::size_t first, std::optional<EpochAugmentation> augmentation, int threads);
  ~BatchStream();
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;

  /// The next batch; nothing after the last. Throws what a thread threw.
  std::optional<Batch> next();

 private:
  void work();
  Batch make_batch(const std::vector<std::size_t>& chosen) const;

  const LabelledImages& source_;
  const BatchPlan plan_;
  const std::optional<EpochAugmentation> augmentation_;
  const std::size_t ahead_;  // batches that may wait

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, Batch> ready_;
  std::size_t next_to_make_;
  std::size_t next_to_give_;
  std::exception_ptr failure_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace lobule
