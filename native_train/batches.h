#pragma once

#include <torch/torch.h>

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "epoch_augmentation.h"
#include "image_set.h"
#include "lobule/preprocess.h"

namespace lobule {

/// Decoded images of one set with their labels.
struct LabelledImages {
  std::shared_ptr<const LoadedImages> images;    // of all sets
  std::shared_ptr<const LoadedImages> detailed;  // the same in the same order, larger: augmented views are taken from them; nothing: from `images`
  std::vector<std::size_t> chosen;               // which of them, as indices
  std::vector<std::int64_t> labels;              // class index of each chosen one
  std::int64_t classes = 0;                      // that there are
  InputSpec input;
};

/// Which images make each batch, as indices into LabelledImages::chosen. Where an epoch draws an image again, its copies are numbered index + n * images, n = 1, 2,
/// ...: another number is another view.
using BatchPlan = std::vector<std::vector<std::size_t>>;

/// Class index of an image of a plan.
std::int64_t label_of(const LabelledImages& images, std::size_t number);

/// All images in their order. The sizes of two batches differ by one image at most, so that none is left with a single image by chance.
BatchPlan ordered_batches(std::size_t images, int batch_size);

/// The same, shuffled anew for each epoch of each seed.
BatchPlan shuffled_batches(std::size_t images, int batch_size, std::uint64_t seed, int epoch);

/// The same of images drawn anew for each epoch (draw_images), each draws[i] times on average.
BatchPlan drawn_batches(const std::vector<double>& draws, int batch_size, std::uint64_t seed, int epoch);

struct Batch {
  torch::Tensor images;  // [n, 3, height, width] float32, normalised, channels last in memory
  torch::Tensor labels;  // [n] int64
  // With mixup, else undefined: the partners' labels [n] int64, and how much of each image is not its partner's [n] float32.
  torch::Tensor partner_labels;
  torch::Tensor shares;
};

/// Where batches lie.
enum class HostMemory {
  pageable,
  pinned,  // a device copies from it without waiting (non_blocking); needs one
};

/// For batches that go to this device.
HostMemory batch_memory(const torch::Device& device);

/// Prepares batches ahead on threads of its own, and hands them out in order.
class BatchStream {
 public:
  /// Starts with batch number `first` of the plan, on so many threads (0: next() makes the batch). `source` must outlive the stream; batches may outlive
  /// both. Throws std::logic_error when the images do not have the input's size.
  BatchStream(const LabelledImages& source, BatchPlan plan, std::size_t first, std::optional<EpochAugmentation> augmentation, int threads,
              HostMemory host_memory = HostMemory::pageable);
  ~BatchStream();
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;

  /// The next batch; nothing after the last. Throws what a thread threw.
  std::optional<Batch> next();

 private:
  void work();
  Batch make_batch(const std::vector<std::size_t>& chosen) const;
  void fill_image(std::size_t number, float* pixels) const;
  void blend_in(const Blend& blend, float* pixels) const;
  std::span<const std::uint8_t> view_of(std::size_t number) const;

  const LabelledImages& source_;
  const std::array<std::array<float, 256>, 3> normalised_;  // of each channel's values
  const BatchPlan plan_;
  const std::optional<EpochAugmentation> augmentation_;
  const HostMemory host_memory_;
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
