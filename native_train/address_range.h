#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace lobule {

/// Which parts of a range of addresses are in use, as offsets from its start: best fit, neighbours that are free are one (Knuth, The Art of Computer Programming
/// 1, 2.5). A training asks for the same large blocks in each step, and with nothing small between them they fit together almost without gaps.
class AddressRange {
 public:
  /// Where a part of so many bytes (at least 1) begins. Only when no free part is large enough does the range grow; nothing where it would reach beyond `limit`.
  std::optional<std::size_t> take(std::size_t bytes, std::size_t limit);
  /// Takes the part that begins there back. Throws std::logic_error when none that is in use does.
  void give_back(std::size_t offset);

  /// Where the range ends: no part has ever reached beyond.
  std::size_t end() const { return end_; }

 private:
  void add_free(std::size_t offset, std::size_t bytes);
  void remove_free(std::map<std::size_t, std::size_t>::iterator part);

  std::unordered_map<std::size_t, std::size_t> used_;         // offset -> bytes
  std::map<std::size_t, std::size_t> free_;                   // offset -> bytes; no two touch each other
  std::set<std::pair<std::size_t, std::size_t>> free_sizes_;  // the same as {bytes, offset}: of those that fit equally well the first
  std::size_t end_ = 0;
};

}  // namespace lobule
