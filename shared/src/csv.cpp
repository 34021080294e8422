#include "lobule/csv.h"

#include <stdexcept>

namespace lobule {
namespace {

[[noreturn]] void refuse(int line, const std::string& cause) { throw std::runtime_error("line " + std::to_string(line) + ": " + cause); }

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Walks the text record by record.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark) at_ = kByteOrderMark.size();
  }

  /// The next record that is not a blank line; false at the end.
  bool next(std::vector<std::string>& fields) {
    while (at_ < text_.size() && at_line_break()) skip_line_break();
    if (at_ == text_.size()) return false;
    first_line_ = line_;
    fields.clear();
    while (true) {
      fields.push_back(text_[at_] == '"' ? quoted_field() : plain_field());
      if (at_ == text_.size()) return true;
      if (at_line_break()) {
        skip_line_break();
        return true;
      }
      ++at_;  // the comma
      if (at_ == text_.size()) {
        fields.emplace_back();
        return true;
      }
    }
  }

  int first_line() const { return first_line_; }  // of the record that next() gave, from 1

 private:
  bool at_line_break() const { return text_[at_] == '\n' || (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n'); }

  void skip_line_break() {
    at_ += text_[at_] == '\r' ? 2 : 1;
    ++line_;
  }

  std::string plain_field() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != ',' && !at_line_break()) {
      if (text_[at_] == '"') refuse(line_, "a quote inside a field that does not begin with one");
      if (text_[at_] == '\r') refuse(line_, "a carriage return without a line feed");
      if (text_[at_] == '\0') refuse(line_, "a NUL byte: this is not a text table");
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string quoted_field() {
    std::string field;
    const int opened = line_;
    while (true) {
      ++at_;
      if (at_ == text_.size()) refuse(opened, "a quote is opened and never closed");
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        if (at_ == text_.size() || text_[at_] == ',' || at_line_break()) return field;
        if (text_[at_] != '"') refuse(line_, "text after a closing quote");
      }
      if (c == '\0') refuse(line_, "a NUL byte: this is not a text table");
      if (c == '\n') ++line_;
      field.push_back(c);
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  int first_line_ = 1;
};

/// A byte-order mark that belongs to a field would be skipped on reading where it stands first in the text.
bool needs_quotes(const std::string& field) {
  return field.find_first_of(",\"\r\n") != std::string::npos || field.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0;
}

}  // namespace

int CsvTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == name) return static_cast<int>(i);
  }
  return -1;
}

CsvTable parse_csv(std::string_view text) {
  CsvReader reader(text);
  CsvTable table;
  if (!reader.next(table.header)) throw std::runtime_error("the table is empty: it has no header line");
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    const std::string& name = table.header[i];
    if (!name.empty() && table.column(name) != static_cast<int>(i)) {
      refuse(reader.first_line(), "column \"" + name + "\" appears twice");
    }
  }
  std::vector<std::string> fields;
  while (reader.next(fields)) {
    if (fields.size() != table.header.size()) {
      refuse(reader.first_line(), std::to_string(fields.size()) + " fields where the header has " + std::to_string(table.header.size()));
    }
    table.rows.push_back(fields);
    table.line_numbers.push_back(reader.first_line());
  }
  return table;
}

std::string csv_line(const std::vector<std::string>& fields) {
  if (fields.size() == 1 && fields.front().empty()) return "\"\"\n";  // an empty line would be skipped on reading
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    if (!needs_quotes(fields[i])) {
      line += fields[i];
      continue;
    }
    line += '"';
    for (const char c : fields[i]) {
      if (c == '"') line += '"';
      line += c;
    }
    line += '"';
  }
  return line + '\n';
}

}  // namespace lobule
