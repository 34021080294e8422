#include "style_sheet.h"

#include <array>

namespace lobule {
namespace {

struct PaletteColour {
  std::string_view name;
  std::string_view light;
  std::string_view dark;
};
constexpr std::array<PaletteColour, 9> kPalette = {{{"--surface", "#ffffff", "#101317"},
                                                    {"--panel", "#f6f7f8", "#171b20"},
                                                    {"--line", "#d9dde1", "#2b3138"},
                                                    {"--text", "#14181c", "#e8ebee"},
                                                    {"--quiet", "#4b5560", "#9aa5b1"},
                                                    {"--accent", "#0b6e75", "#4fc3c9"},
                                                    {"--negative", "#0072b2", "#56b4e9"},
                                                    {"--positive", "#b5460f", "#e69f00"},
                                                    {"--no-result", "#5f6770", "#8b95a1"}}};

std::string properties(std::string_view PaletteColour::*shade) {
  std::string text;
  for (const PaletteColour& colour : kPalette) text.append(" ").append(colour.name).append(": ").append(colour.*shade).append(";");
  return text;
}

}  // namespace

std::string palette_style() {
  return ":root { color-scheme: light dark;" + properties(&PaletteColour::light) + " }\n@media (prefers-color-scheme: dark) { :root {" +
         properties(&PaletteColour::dark) + " } }\n";
}

std::string_view chart_style() {
  return R"(svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; }
.grid { stroke: var(--line); }
.diagonal { stroke: var(--quiet); stroke-dasharray: 4 4; }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; }
.call-all { fill: none; stroke: var(--quiet); }
.band { fill: var(--accent); fill-opacity: 0.16; }
.whisker { stroke: var(--accent); }
.threshold { stroke: var(--text); }
.operating { fill: var(--surface); stroke: var(--accent); stroke-width: 2; }
.bin { fill: var(--accent); fill-opacity: 0.5; stroke: var(--accent); }
.cell { fill: var(--surface); stroke: var(--line); }
.share { fill: var(--accent); }
.negative-bar { fill: var(--negative); }
.positive-bar { fill: var(--positive); }
)";
}

std::string light_chart_style() {
  std::string style(chart_style());
  for (const PaletteColour& colour : kPalette) {
    const std::string reference = "var(" + std::string(colour.name) + ")";
    for (auto at = style.find(reference); at != std::string::npos; at = style.find(reference, at)) style.replace(at, reference.size(), colour.light);
  }
  return style;
}

}  // namespace lobule
