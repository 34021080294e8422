#include "address_range.h"

#include <iterator>
#include <stdexcept>

namespace lobule {

std::optional<std::size_t> AddressRange::take(std::size_t bytes, std::size_t limit) {
  if (bytes == 0) throw std::logic_error("address range: a part has at least one byte");
  std::size_t offset = end_;
  if (const auto fit = free_sizes_.lower_bound({bytes, 0}); fit != free_sizes_.end()) {
    const std::size_t size = fit->first;
    offset = fit->second;
    remove_free(free_.find(offset));
    if (size > bytes) add_free(offset + bytes, size - bytes);
  } else {
    const auto last = free_.empty() ? free_.end() : std::prev(free_.end());
    const bool joins = last != free_.end() && last->first + last->second == end_;  // what is free at the end makes the beginning
    if (joins) offset = last->first;
    if (bytes > limit || offset > limit - bytes) return std::nullopt;
    if (joins) remove_free(last);
    end_ = offset + bytes;
  }
  used_.emplace(offset, bytes);
  return offset;
}

void AddressRange::give_back(std::size_t offset) {
  const auto part = used_.find(offset);
  if (part == used_.end()) throw std::logic_error("address range: no part in use begins there");
  std::size_t bytes = part->second;
  used_.erase(part);
  auto after = free_.lower_bound(offset);
  if (after != free_.end() && after->first == offset + bytes) {
    bytes += after->second;
    const auto joined = after++;
    remove_free(joined);
  }
  if (after != free_.begin()) {
    const auto before = std::prev(after);
    if (before->first + before->second == offset) {
      offset = before->first;
      bytes += before->second;
      remove_free(before);
    }
  }
  add_free(offset, bytes);
}

void AddressRange::add_free(std::size_t offset, std::size_t bytes) {
  free_.emplace(offset, bytes);
  free_sizes_.emplace(bytes, offset);
}

void AddressRange::remove_free(std::map<std::size_t, std::size_t>::iterator part) {
  free_sizes_.erase({part->second, part->first});
  free_.erase(part);
}

}  // namespace lobule
