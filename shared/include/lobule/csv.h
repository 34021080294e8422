#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lobule {

/// RFC 4180: fields with comma, quote or line break are quoted; LF or CRLF; a UTF-8 byte-order mark and blank lines are skipped.
struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // each as long as header
  std::vector<int> line_numbers;               // where each row begins, from 1, for messages

  /// Index of a column, -1 when absent.
  int column(std::string_view name) const;
};

/// Throws std::runtime_error naming the line and the cause (quote never closed, row of another length, no header, a column twice, NUL byte).
CsvTable parse_csv(std::string_view text);

/// One line with LF, fields quoted where needed. A field beginning with = + - @ is written as it is: these tables are data that programs
/// read back, a changed path would name no file, and quotes do not keep a spreadsheet from evaluating it. (Import it as text.)
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace lobule
