#include "batches.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "device.h"
#include "lobule/portable_math.h"
#include "sampling.h"

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

constexpr std::size_t kPartnerCopies = 1000;  // of an image's number: no epoch draws one so often, so a partner's view is no other image's

std::vector<std::size_t> counted(std::size_t images) {
  std::vector<std::size_t> order(images);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

}  // namespace

HostMemory batch_memory(const torch::Device& device) { return is_host(device) ? HostMemory::pageable : HostMemory::pinned; }

BatchPlan ordered_batches(std::size_t images, int batch_size) { return cut_into_batches(counted(images), batch_size); }

BatchPlan shuffled_batches(std::size_t images, int batch_size, std::uint64_t seed, int epoch) {
  std::vector<std::size_t> order = counted(images);
  SplitMix64 random(mix_seed(seed, static_cast<std::uint64_t>(epoch)));
  for (std::size_t i = order.size(); i > 1; --i) {  // Fisher & Yates, in Durstenfeld's form
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  }
  return cut_into_batches(order, batch_size);
}

BatchPlan drawn_batches(const std::vector<double>& draws, int batch_size, std::uint64_t seed, int epoch) {
  return cut_into_batches(draw_images(draws, mix_seed(seed, static_cast<std::uint64_t>(epoch))), batch_size);
}

std::int64_t label_of(const LabelledImages& images, std::size_t number) { return images.labels[number % images.labels.size()]; }

BatchStream::BatchStream(const LabelledImages& source, BatchPlan plan, std::size_t first, std::optional<EpochAugmentation> augmentation, int threads,
                         HostMemory host_memory)
    : source_(source),
      normalised_(normalisation_tables(source.input)),
      plan_(std::move(plan)),
      augmentation_(std::move(augmentation)),
      host_memory_(host_memory),
      ahead_(2 * static_cast<std::size_t>(threads)),
      next_to_make_(first),
      next_to_give_(first) {
  if (source.images->width != source.input.width || source.images->height != source.input.height) {
    throw std::logic_error("batches: images do not have the input's size");
  }
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
  if (threads_.empty()) return make_batch(plan_[next_to_give_++]);
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
  const auto count = static_cast<std::int64_t>(chosen.size());
  const std::size_t size = std::size_t{3} * static_cast<std::size_t>(source_.input.width) * static_cast<std::size_t>(source_.input.height);
  const bool pinned = host_memory_ == HostMemory::pinned;
  const auto numbers_of = [&](torch::ScalarType type) { return torch::empty({count}, torch::TensorOptions(type).pinned_memory(pinned)); };
  Batch batch;
  batch.images = torch::empty({count, 3, source_.input.height, source_.input.width}, torch::TensorOptions(torch::kFloat32).pinned_memory(pinned),
                              torch::MemoryFormat::ChannelsLast);
  batch.labels = numbers_of(torch::kInt64);
  auto* label = batch.labels.mutable_data_ptr<std::int64_t>();
  auto* pixels = batch.images.mutable_data_ptr<float>();
  for (const std::size_t number : chosen) {
    fill_image(number, pixels);
    pixels += size;
    *label++ = label_of(source_, number);
  }
  if (!augmentation_ || !augmentation_->mixup) return batch;
  batch.partner_labels = numbers_of(torch::kInt64);
  batch.shares = numbers_of(torch::kFloat32);
  auto* partner_label = batch.partner_labels.mutable_data_ptr<std::int64_t>();
  auto* share = batch.shares.mutable_data_ptr<float>();
  for (const std::size_t number : chosen) {
    const Blend blend = draw_blend(*augmentation_, number);
    *partner_label++ = label_of(source_, blend.partner);
    *share++ = static_cast<float>(blend.share);
  }
  return batch;
}

/// pixels: [height, width, 3].
void BatchStream::fill_image(std::size_t number, float* pixels) const {
  const std::span<const std::uint8_t> rgb = view_of(number);
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) pixels[i + channel] = normalised_[channel][rgb[i + channel]];
  }
  if (augmentation_ && augmentation_->mixup) blend_in(draw_blend(*augmentation_, number), pixels);
}

void BatchStream::blend_in(const Blend& blend, float* pixels) const {
  const auto share = static_cast<float>(blend.share);
  const std::span<const std::uint8_t> rgb = view_of(blend.partner + kPartnerCopies * source_.labels.size());
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      float& value = pixels[i + channel];
      value = share * value + (1 - share) * normalised_[channel][rgb[i + channel]];
    }
  }
}

/// The image as this epoch shows it; until this thread's next call.
std::span<const std::uint8_t> BatchStream::view_of(std::size_t number) const {
  const std::size_t image = source_.chosen.at(number % source_.labels.size());
  if (!augmentation_) return source_.images->pixels(image);
  const LoadedImages& from = source_.detailed ? *source_.detailed : *source_.images;
  thread_local Image view;
  if (view.width != source_.input.width || view.height != source_.input.height) view = make_image(source_.input.width, source_.input.height);
  draw_view(*augmentation_, number, from.pixels(image), from.width, from.height, view);
  return view.rgb;
}

}  // namespace lobule
