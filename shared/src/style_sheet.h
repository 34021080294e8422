#pragma once

#include <string>
#include <string_view>

namespace lobule {

/// The page's colours as CSS custom properties of :root, light or dark as the reader's system is.
std::string palette_style();

/// How charts look, in those colours.
std::string_view chart_style();

/// The same in the light colours themselves: for drawing programs, which know no custom properties.
std::string light_chart_style();

}  // namespace lobule
