#include "lobule/number_text.h"

#include <catch2/catch.hpp>
#include <clocale>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "double_bits.h"
#include "lobule/portable_math.h"

using namespace lobule;

TEST_CASE("Every double reads back from its text as the same bits") {
  SplitMix64 random(21);
  for (int i = 0; i < 50000; ++i) {
    const double value = double_of(random.next());
    if (!std::isfinite(value)) continue;
    const std::optional<double> back = parse_double(shortest(value));
    REQUIRE(back);
    REQUIRE(bits_of(*back) == bits_of(value));
  }
}

TEST_CASE("Numbers are written short and in one way") {
  CHECK(shortest(0.1) == "0.1");
  CHECK(shortest(1) == "1.0");
  CHECK(shortest(-0.0) == "-0.0");
  CHECK(shortest(1e-7) == "1e-07");
  CHECK(shortest(1e300) == "1e+300");
  CHECK(shortest(std::numeric_limits<double>::denorm_min()) == "5e-324");
  CHECK(shortest(std::nan("")) == "nan");
  CHECK(shortest(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(shortest(-std::numeric_limits<double>::infinity()) == "-inf");
}

TEST_CASE("Fixed decimals are rounded from the exact binary value") {
  CHECK(fixed(0.125, 2) == "0.12");  // a tie in binary too: to even
  CHECK(fixed(0.375, 2) == "0.38");
  CHECK(fixed(2.675, 2) == "2.67");  // the double lies below 2.675
  CHECK(fixed(-0.5, 0) == "-0");
  CHECK(fixed(1e22, 1) == "10000000000000000000000.0");
  CHECK(fixed(std::numeric_limits<double>::max(), 60).size() == 309 + 1 + 60);
  CHECK(fixed(std::nan(""), 2) == "nan");
  CHECK_THROWS_AS(fixed(1, 61), std::logic_error);
}

TEST_CASE("A field is a number as a whole or not at all") {
  CHECK(parse_double("0.5") == 0.5);
  CHECK(parse_double("-1.5e3") == -1500);
  CHECK(parse_double("+2") == 2);
  CHECK(parse_double(".5") == 0.5);
  CHECK(parse_double("5.") == 5);
  CHECK(parse_double("1e-400") == 0);
  // Half-way between two doubles: to even. A parser that rounds twice gets this wrong.
  CHECK(parse_double("9007199254740993") == 9007199254740992.0);
  CHECK(parse_double("9007199254740993.00000000000000000000000000001") == 9007199254740994.0);
  for (const char* bad : {"", " 1", "1 ", "1,5", "0x10", "nan", "inf", "-infinity", "1e", "1e+", ".", "-", "+-1", "1e999", "1.2.3", "1_000", "--1", "e5"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_double(bad));
  }
  CHECK_FALSE(parse_double(std::string_view("1\0", 2)));
}

TEST_CASE("Whole numbers are read without text around them") {
  CHECK(parse_int("400") == 400);
  CHECK(parse_int("-7") == -7);
  CHECK(parse_int("007") == 7);
  for (const char* bad : {"", "4.0", "40X", " 4", "+4", "99999999999"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_int(bad));
  }
}

TEST_CASE("A locale with a decimal comma changes no number") {
  bool found = false;
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8"}) {
    if (std::setlocale(LC_NUMERIC, name) == nullptr || std::localeconv()->decimal_point[0] != ',') continue;
    found = true;
    CHECK(fixed(0.25, 2) == "0.25");
    CHECK(shortest(0.25) == "0.25");
    CHECK(parse_double("0.25") == 0.25);
    CHECK_FALSE(parse_double("0,25"));
  }
  std::setlocale(LC_NUMERIC, "C");
  if (!found) WARN("skipped: no locale with a decimal comma is installed");
}
