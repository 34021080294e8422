#pragma once

#include <string_view>

namespace lobule {

/// Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF). JSON and CSV files hold nothing else.
bool is_utf8(std::string_view text);

}  // namespace lobule
