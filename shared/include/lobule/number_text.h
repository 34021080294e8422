#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lobule {

/// Shortest text that reads back as the same double, the same on every platform ("0.1", "1e-07"). NaN and infinities: "nan", "inf", "-inf".
std::string shortest(double value);

/// A whole field as a finite double; nothing when it is not one. Locale-free.
std::optional<double> parse_double(std::string_view text);

/// A whole field as an int; nothing when it is not one.
std::optional<int> parse_int(std::string_view text);

}  // namespace lobule
