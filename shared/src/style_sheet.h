#pragma once

#include <string_view>

namespace lobule {

/// The page's colours as CSS custom properties of :root, light or dark as the reader's system is.
std::string_view palette_style();

/// How charts look, in those colours.
std::string_view chart_style();

}  // namespace lobule
