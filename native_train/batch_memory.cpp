#include "batch_memory.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace lobule {
namespace {

constexpr std::size_t kAlignment = 64;  // bytes: LibTorch's own tensors have it, and vector code likes it
constexpr std::size_t kMostFree = 16;   // blocks: more than a stream keeps waiting on many threads would be memory for nothing

}  // namespace

void BatchMemory::Free::operator()(float* memory) const { std::free(memory); }

std::shared_ptr<float> BatchMemory::take(std::size_t floats) {
  Block block;
  {
    const std::lock_guard lock(mutex_);
    const auto enough = std::find_if(free_.begin(), free_.end(), [&](const Block& one) { return one.floats >= floats; });
    if (enough != free_.end()) {
      block = std::move(*enough);
      free_.erase(enough);
    } else if (!free_.empty()) {
      free_.pop_back();  // too small: batches have grown
    }
  }
  if (block.memory == nullptr) {
    const std::size_t bytes = (sizeof(float) * floats + kAlignment - 1) / kAlignment * kAlignment;
    block.memory.reset(static_cast<float*>(std::aligned_alloc(kAlignment, bytes)));
    if (block.memory == nullptr) throw std::bad_alloc();
    block.floats = floats;
  }
  const std::size_t size = block.floats;
  return {block.memory.release(), [pool = weak_from_this(), size](float* memory) {
            Block returned{std::unique_ptr<float, Free>(memory), size};
            if (const std::shared_ptr<BatchMemory> alive = pool.lock()) alive->give_back(std::move(returned));
          }};
}

void BatchMemory::give_back(Block block) {
  const std::lock_guard lock(mutex_);
  if (free_.size() < kMostFree) free_.push_back(std::move(block));
}

}  // namespace lobule
