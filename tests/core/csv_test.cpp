#include "lobule/csv.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace lobule;
using Catch::Contains;

TEST_CASE("Fields with commas, quotes and line breaks survive writing and reading") {
  const std::vector<std::string> fields = {"plain", "a,b", "say \"hi\"", "two\nlines", "cr\r\nlf", "", " spaces ", "\"", "=1+1", "-2", "ü"};
  CsvTable table = parse_csv(csv_line(std::vector<std::string>(fields.size(), "")).insert(0, "a,b,c,d,e,f,g,h,i,j,k\n") + csv_line(fields));
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[1] == fields);
}

TEST_CASE("Tables are read with either line end, a byte-order mark, blank lines, and with or without a last line break") {
  for (const char* text : {"a,b\n1,2\n", "a,b\r\n1,2\r\n",
                           "\xEF\xBB\xBF"
                           "a,b\n1,2",
                           "\n\na,b\n\n1,2\n\n", "\"a\",\"b\"\n\"1\",\"2\""}) {
    CAPTURE(text);
    const CsvTable table = parse_csv(text);
    CHECK(table.header == std::vector<std::string>{"a", "b"});
    REQUIRE(table.rows.size() == 1);
    CHECK(table.rows[0] == std::vector<std::string>{"1", "2"});
  }
}

TEST_CASE("A field that begins with a byte-order mark keeps it, first in the text too") {  // found by fuzzing
  const std::string marked = "\xEF\xBB\xBFname";
  CHECK(parse_csv(csv_line({marked, "b"})).header == std::vector<std::string>{marked, "b"});
}

TEST_CASE("A table's last field may be empty") {
  CHECK(parse_csv("a,b\n1,").rows[0] == std::vector<std::string>{"1", ""});
  CHECK(parse_csv("a,b\n,\n").rows[0] == std::vector<std::string>{"", ""});
}

TEST_CASE("A column of one empty field is not taken for a blank line") {
  const CsvTable table = parse_csv(csv_line({"only"}) + csv_line({""}) + csv_line({"x"}));
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0][0].empty());
}

TEST_CASE("Columns are found by name and rows know their line") {
  const CsvTable table = parse_csv("path,label\n\"two\nlines\",x\n\nb,y\n");
  CHECK(table.column("label") == 1);
  CHECK(table.column("absent") == -1);
  CHECK(table.line_numbers == std::vector<int>{2, 5});
}

TEST_CASE("Malformed tables are refused with the line and the cause") {
  CHECK_THROWS_WITH(parse_csv(""), Contains("no header"));
  CHECK_THROWS_WITH(parse_csv("\n\r\n"), Contains("no header"));
  CHECK_THROWS_WITH(parse_csv("a,b\n1\n"), Contains("line 2: 1 fields where the header has 2"));
  CHECK_THROWS_WITH(parse_csv("a,b\n1,2,3\n"), Contains("line 2: 3 fields"));
  CHECK_THROWS_WITH(parse_csv("a\nx\n\"open\nstill"), Contains("line 3: a quote is opened and never closed"));
  CHECK_THROWS_WITH(parse_csv("a\n\"x\"y\n"), Contains("line 2: text after a closing quote"));
  CHECK_THROWS_WITH(parse_csv("a\nx\"y\n"), Contains("line 2: a quote inside a field"));
  CHECK_THROWS_WITH(parse_csv("a\nx\ry\n"), Contains("carriage return without a line feed"));
  CHECK_THROWS_WITH(parse_csv(std::string_view("a\nx\0y\n", 6)), Contains("line 2: a NUL byte"));
  CHECK_THROWS_WITH(parse_csv(std::string_view("a\n\"\0\"\n", 6)), Contains("line 2: a NUL byte"));
  CHECK_THROWS_WITH(parse_csv("a,b,a\n"), Contains("column \"a\" appears twice"));
}
