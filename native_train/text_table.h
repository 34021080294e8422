#pragma once

#include <string>
#include <vector>

namespace lobule {

/// A column of a table for people, its heading first.
struct TextColumn {
  std::vector<std::string> cells;
  bool right_aligned = false;
};

/// Columns of one length side by side, two spaces between them and none at a line's end. Widths count characters of UTF-8, not bytes.
std::string text_table(const std::vector<TextColumn>& columns);

}  // namespace lobule
