#include "text_table.h"

#include <algorithm>
#include <cstddef>

namespace lobule {
namespace {

/// As many as a terminal shows: bytes that go on with a character of UTF-8 have no place of their own.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace

std::string text_table(const std::vector<TextColumn>& columns) {
  std::vector<std::string> lines(columns.empty() ? 0 : columns.front().cells.size());
  for (const TextColumn& column : columns) {
    std::size_t width = 0;
    for (const std::string& cell : column.cells) width = std::max(width, width_of(cell));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string& cell = column.cells.at(i);
      const std::string padding(width - width_of(cell), ' ');
      lines[i] += (&column == &columns.front() ? "" : "  ") + (column.right_aligned ? padding + cell : cell + padding);
    }
  }
  std::string table;
  for (const std::string& line : lines) table += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  return table;
}

}  // namespace lobule
