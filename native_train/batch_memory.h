#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace lobule {

/// Memory of batches that nobody holds any more, for the next ones: asking the system for tens of megabytes a batch costs as much as filling them. Any thread may
/// use it, and memory that is out may outlive it.
class BatchMemory : public std::enable_shared_from_this<BatchMemory> {
 public:
  /// At least so many floats, at a multiple of 64 bytes; uninitialised. It comes back when the last copy of the pointer is gone.
  std::shared_ptr<float> take(std::size_t floats);

 private:
  struct Free {
    void operator()(float* memory) const;
  };
  struct Block {
    std::unique_ptr<float, Free> memory;
    std::size_t floats = 0;
  };
  void give_back(Block block);

  std::mutex mutex_;
  std::vector<Block> free_;
};

}  // namespace lobule
