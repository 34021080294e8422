#include "epoch_logits.h"

#include "shard.h"

namespace lobule {

void EpochLogits::restore(const torch::Tensor& whole) {
  const bool has_some = processes_.leads() && whole.defined();
  const torch::Tensor rows = processes_.gather_rows(has_some ? whole : torch::empty({0, classes_}));
  whole_ = rows.size(0) > 0 ? rows : torch::Tensor();
}

void EpochLogits::add(const torch::Tensor& shard, std::size_t batch_images) {
  if (shard.defined()) shards_.push_back(shard);
  batch_images_.push_back(batch_images);
}

torch::Tensor EpochLogits::gather() {
  if (batch_images_.empty()) return whole_;
  const torch::Tensor rows =
      processes_.gather_rows(shards_.empty() ? torch::empty({0, classes_}) : torch::cat(shards_));  // all steps of process 0, then all of process 1, ...
  const int size = processes_.size();
  std::vector<std::int64_t> next(static_cast<std::size_t>(size), 0);  // row of each process's next image
  for (int rank = 1; rank < size; ++rank) {
    std::int64_t images = 0;
    for (const std::size_t batch : batch_images_) images += static_cast<std::int64_t>(shard(batch, rank - 1, size).size());
    next[static_cast<std::size_t>(rank)] = next[static_cast<std::size_t>(rank) - 1] + images;
  }
  std::vector<torch::Tensor> ordered;
  if (whole_.defined()) ordered.push_back(whole_);
  for (const std::size_t batch : batch_images_) {
    for (int rank = 0; rank < size; ++rank) {
      std::int64_t& row = next[static_cast<std::size_t>(rank)];
      const auto images = static_cast<std::int64_t>(shard(batch, rank, size).size());
      ordered.push_back(rows.slice(0, row, row + images));
      row += images;
    }
  }
  whole_ = torch::cat(ordered);
  shards_.clear();
  batch_images_.clear();
  return whole_;
}

void EpochLogits::clear() {
  whole_ = torch::Tensor();
  shards_.clear();
  batch_images_.clear();
}

}  // namespace lobule
