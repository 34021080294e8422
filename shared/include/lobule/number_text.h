#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lobule {

/// Short text that reads back as the same double, the same on every platform, and the same as in our JSON ("0.1", "1.0", "1e-07"): Grisu2
/// (Loitsch 2010) in nlohmann-json, integer arithmetic only. NaN and infinities: "nan", "inf", "-inf".
std::string shortest(double value);

/// With so many decimals, correctly rounded from the exact binary value (ties to even), '.' as the point in every locale: fixed(0.125, 2) is "0.12".
std::string fixed(double value, int decimals);

/// A whole field as a finite double, correctly rounded; nothing when it is not one (text around it, hexadecimal, nan, inf, too large). Locale-free.
std::optional<double> parse_double(std::string_view text);

/// A whole field as an int; nothing when it is not one.
std::optional<int> parse_int(std::string_view text);

}  // namespace lobule
