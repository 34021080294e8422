#include "lobule/number_text.h"

#include <array>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace lobule {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t count_digits(std::string_view text, std::size_t from) {
  std::size_t end = from;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - from;
}

/// [+-] digits [. digits] [e [+-] digits], with a digit before or after the point; neither hexadecimal nor nan nor inf.
bool is_decimal_number(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  std::size_t digits = count_digits(text, at);
  at += digits;
  if (at < text.size() && text[at] == '.') {
    const std::size_t decimals = count_digits(text, ++at);
    digits += decimals;
    at += decimals;
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent_digits = count_digits(text, at);
    if (exponent_digits == 0) return false;
    at += exponent_digits;
  }
  return at == text.size();
}

/// What the C library takes for the decimal point in the locale that the program runs in.
std::string decimal_point() { return std::localeconv()->decimal_point; }

}  // namespace

std::string shortest(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return nlohmann::json(value).dump();
}

std::string fixed(double value, int decimals) {
  constexpr int kMostDecimals = 60;
  if (decimals < 0 || decimals > kMostDecimals) throw std::logic_error("fixed() writes 0 to 60 decimals");
  if (!std::isfinite(value)) return shortest(value);
  std::array<char, 400> buffer;  // sign, 309 digits, point, decimals
  std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  const std::string text = buffer.data();
  const std::size_t at = text.find(decimal_point());
  if (at == std::string::npos) return text;
  return text.substr(0, at) + '.' + text.substr(at + decimal_point().size());
}

std::optional<double> parse_double(std::string_view text) {
  if (!is_decimal_number(text)) return std::nullopt;
  const std::size_t at = text.find('.');
  std::string number(text.substr(0, at));
  if (at != std::string_view::npos) number.append(decimal_point()).append(text.substr(at + 1));
  // glibc and musl both round strtod's result correctly; std::from_chars for double is missing from libc++ 14.
  const double value = std::strtod(number.c_str(), nullptr);
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<int> parse_int(std::string_view text) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const std::from_chars_result result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

}  // namespace lobule
