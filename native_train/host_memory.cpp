#include "host_memory.h"

#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>

#include "address_range.h"
#include "device.h"

namespace lobule {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kSmallestLarge = std::size_t{1} << 20;  // below that the C library keeps memory by itself
constexpr std::size_t kGrowth = std::size_t{64} << 20;        // bytes made usable at a time

std::size_t rounded_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// Allocator of LibTorch's host tensors (and of oneDNN's scratch memory, which LibTorch asks the same one for). Lives as long as the process: tensors may be freed
/// at its very end.
class KeptMemory final : public c10::Allocator {
 public:
  /// base: `capacity` reserved addresses that cannot be used yet.
  KeptMemory(char* base, std::size_t capacity) : base_(base), capacity_(capacity), others_(c10::GetDefaultCPUAllocator()) { instance = this; }

  c10::DataPtr allocate(std::size_t bytes) override {
    if (bytes >= kSmallestLarge && bytes <= capacity_) {
      if (void* memory = take(rounded_up(bytes, kPage))) return {memory, memory, &release, host_device()};
    }
    return others_->allocate(bytes);
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override { std::memcpy(to, from, bytes); }

 private:
  /// Null when the addresses are used up or the system has no memory.
  void* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    std::optional<std::size_t> offset = range_.take(bytes, usable_);
    if (!offset) {
      const std::size_t wanted = std::min(rounded_up(range_.end() + bytes, kGrowth), capacity_);
      if (wanted > usable_ && ::mprotect(base_ + usable_, wanted - usable_, PROT_READ | PROT_WRITE) == 0) usable_ = wanted;
      offset = range_.take(bytes, usable_);
    }
    return offset ? base_ + *offset : nullptr;
  }

  static void release(void* memory) {
    if (memory == nullptr) return;
    const auto offset = reinterpret_cast<std::uintptr_t>(memory) - reinterpret_cast<std::uintptr_t>(instance->base_);  // wraps around below it
    if (offset < instance->capacity_) {
      const std::lock_guard lock(instance->mutex_);
      instance->range_.give_back(offset);
    } else {
      instance->others_->raw_deallocate(memory);
    }
  }

  static KeptMemory* instance;

  char* base_;
  std::size_t capacity_;
  c10::Allocator* others_;
  std::mutex mutex_;
  AddressRange range_;
  std::size_t usable_ = 0;  // bytes
};

KeptMemory* KeptMemory::instance = nullptr;

}  // namespace

void keep_freed_memory() {
  static const bool once = [] {
    const std::size_t capacity = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* base = ::mmap(nullptr, capacity, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base != MAP_FAILED) c10::SetCPUAllocator(new KeptMemory(static_cast<char*>(base), capacity));
    return base != MAP_FAILED;
  }();
  static_cast<void>(once);
}

}  // namespace lobule
