#include "batches.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "lobule/portable_math.h"

namespace lobule {
namespace {

BatchPlan cut_into_batches(const std::vector<std::size_t>& order, int batch_size) {
  if (order.empty() || batch_size < 1) throw std::logic_error("batches: needs images and a batch size of at least 1");
  const std::size_t count = (order.size() + static_cast<std::size_t>(batch_size) - 1) / static_cast<std::size_t>(batch_size);
  BatchPlan plan(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto begin = static_cast<std::ptrdiff_t>(order.size() * i / count);
    const auto end = static_cast<std::ptrdiff_t>(order.size() * (i + 1) / count);
    plan[i].assign(order.begin() + begin, order.begin() + end);
  }
  return plan;
}

std::vector<std::size_t> counted(std::size_t images) {
  std::vector<std::size_t> order(images);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

}  // namespace

BatchPlan ordered_batches(std::size_t images, int batch_size) { return cut_into_batches(counted(images), batch_size); }

BatchPlan shuffled_batches(std::size_t images, int batch_size, std::uint64_t seed, int epoch) {
  std::vector<std::size_t> order = counted(images);
  SplitMix64 random(mix_seed(seed, static_cast<std::uint64_t>(epoch)));
  for (std::size_t i = order.size(); i > 1; --i) {  // Fisher & Yates, in Durstenfeld's form
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }
  return cut_into_batches(order, batch_size);
}

BatchStream::BatchStream(const LabelledImages& source, BatchPlan plan, std::size_t first, std::optional<EpochAugmentation> augmentation, int threads)
    : source_(source),
      plan_(std::move(plan)),
      augmentation_(std::move(augmentation)),
      ahead_(2 * static_cast<std::size_t>(threads)),
      next_to_make_(first),
      next_to_give_(first) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

BatchStream::~BatchStream() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::optional<Batch> BatchStream::next() {
  std::unique_lock<std::mutex> lock(mutex_);
  if (next_to_give_ >= plan_.size()) return std::nullopt;
  changed_.wait(lock, [this] { return failure_ != nullptr || ready_.count(next_to_give_) != 0; });
  if (failure_ != nullptr) std::rethrow_exception(failure_);
  Batch batch = std::move(ready_.extract(next_to_give_).mapped());
  ++next_to_give_;
  lock.unlock();
  changed_.notify_all();
  return batch;
}

void BatchStream::work() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || next_to_make_ >= plan_.size() || next_to_make_ < next_to_give_ + ahead_; });
    if (stopping_ || next_to_make_ >= plan_.size()) return;
    const std::size_t number = next_to_make_++;
    lock.unlock();
    try {
      Batch batch = make_batch(plan_[number]);
      lock.lock();
      ready_.emplace(number, std::move(batch));
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      failure_ = std::current_exception();
      stopping_ = true;
    }
    changed_.notify_all();
  }
}

// Tensor operators stay out of here: each thread that calls one starts a pool of OpenMP threads of its own.
Batch BatchStream::make_batch(const std::vector<std::size_t>& chosen) const {
  const InputSpec& input = source_.input;
  const auto count = static_cast<std::int64_t>(chosen.size());
  const std::size_t pixels = static_cast<std::size_t>(input.width) * static_cast<std::size_t>(input.height);
  Batch batch;
  batch.labels = torch::empty({count}, torch::kInt64);
  batch.images = torch::empty({count, 3, input.height, input.width}, torch::kFloat32, torch::MemoryFormat::ChannelsLast);
  auto* label = batch.labels.mutable_data_ptr<std::int64_t>();
  auto* pixel = batch.images.mutable_data_ptr<float>();
  for (const std::size_t index : chosen) {
    Image image = source_.images->image(source_.chosen[index]);
    if (augmentation_) {
      image = augment(image, augmentation_->options, mix_seed(augmentation_->seed, static_cast<std::uint64_t>(augmentation_->epoch), index));
    }
    const std::vector<float> planar = normalise(image, input);
    for (std::size_t i = 0; i < pixels; ++i) {
      for (std::size_t channel = 0; channel < 3; ++channel) *pixel++ = planar[channel * pixels + i];
    }
    *label++ = source_.labels[index];
  }
  return batch;
}

}  // namespace lobule
