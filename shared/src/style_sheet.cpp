#include "style_sheet.h"

namespace lobule {

std::string_view palette_style() {
  return R"(:root { color-scheme: light dark; --surface: #ffffff; --panel: #f6f7f8; --line: #d9dde1; --text: #14181c; --quiet: #4b5560;
  --accent: #0b6e75; --negative: #0072b2; --positive: #b5460f; --no-result: #5f6770; }
@media (prefers-color-scheme: dark) { :root { --surface: #101317; --panel: #171b20; --line: #2b3138; --text: #e8ebee; --quiet: #9aa5b1;
  --accent: #4fc3c9; --negative: #56b4e9; --positive: #e69f00; --no-result: #8b95a1; } }
)";
}

std::string_view chart_style() {
  return R"(svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; }
.grid { stroke: var(--line); }
.diagonal { stroke: var(--quiet); stroke-dasharray: 4 4; }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; }
.operating { fill: var(--surface); stroke: var(--accent); stroke-width: 2; }
.bin { fill: var(--accent); fill-opacity: 0.5; stroke: var(--accent); }
)";
}

}  // namespace lobule
