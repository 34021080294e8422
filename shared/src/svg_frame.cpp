#include "svg_frame.h"

#include "html_parts.h"
#include "lobule/number_text.h"

namespace lobule {

std::string plot_number(double pixels) { return fixed(pixels, 1); }
std::string plot_x(double share) { return plot_number(kPlotLeft + share * kPlotSide); }
std::string plot_y(double share) { return plot_number(kPlotTop + (1 - share) * kPlotSide); }

std::string plot_line(const std::string& css_class, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + css_class + "\" x1=\"" + plot_x(x1) + "\" y1=\"" + plot_y(y1) + "\" x2=\"" + plot_x(x2) + "\" y2=\"" + plot_y(y2) + "\"/>";
}

std::string plot_text(const std::string& anchor, double x, double y, const std::string& content, const std::string& attributes) {
  return "<text text-anchor=\"" + anchor + "\" x=\"" + plot_number(x) + "\" y=\"" + plot_number(y) + "\"" + attributes + ">" + escape_html(content) + "</text>";
}

std::string plot_frame(const PlotAxis& x, const PlotAxis& y) {
  std::string svg = plot_line("grid", 0, 0, 1, 0) + plot_line("grid", 0, 0, 0, 1);
  for (const AxisTick& tick : x.ticks) {
    svg += plot_line("grid", tick.at, 0, tick.at, 1) + plot_text("middle", kPlotLeft + tick.at * kPlotSide, kPlotTop + kPlotSide + 16, tick.label);
  }
  for (const AxisTick& tick : y.ticks) {
    svg += plot_line("grid", 0, tick.at, 1, tick.at) + plot_text("end", kPlotLeft - 6, kPlotTop + (1 - tick.at) * kPlotSide + 4, tick.label);
  }
  svg += plot_text("middle", kPlotLeft + kPlotSide / 2, kPlotTop + kPlotSide + 36, x.title);
  const double middle = kPlotTop + kPlotSide / 2;
  return svg + plot_text("middle", 14, middle, y.title, " transform=\"rotate(-90 14 " + plot_number(middle) + ")\"");
}

}  // namespace lobule
