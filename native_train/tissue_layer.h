#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tissue_outline.h"

namespace lobule {

/// How much of both stains a spot holds (optical density along each stain's unit vector) and how opaque it lies on what is beneath.
struct Deposit {
  double haematoxylin = 0;
  double eosin = 0;
  double opacity = 1;
};

/// The stain on a field of view, laid down deposit over deposit like paint. Row-major planes of width * height.
struct TissueLayer {
  TissueLayer(int width_px, int height_px, double pixel_um)
      : width(width_px),
        height(height_px),
        um_per_pixel(pixel_um),
        haematoxylin(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px)),
        eosin(haematoxylin.size()),
        cover(haematoxylin.size()) {}

  int width;            // pixels
  int height;           // pixels
  double um_per_pixel;  // micrometres
  std::vector<float> haematoxylin;
  std::vector<float> eosin;
  std::vector<float> cover;  // 0: nothing laid yet, 1: nothing beneath shows

  double width_um() const { return width * um_per_pixel; }
  double height_um() const { return height * um_per_pixel; }

  /// Painted, and as good as free of stain: a lumen, a vessel, a fat cell.
  bool is_open(std::size_t index) const { return cover[index] >= 0.5F && haematoxylin[index] + eosin[index] < 0.10F; }

  void lay(std::size_t index, const Deposit& deposit, double share) {
    const auto alpha = static_cast<float>(deposit.opacity * share);
    haematoxylin[index] += alpha * (static_cast<float>(deposit.haematoxylin) - haematoxylin[index]);
    eosin[index] += alpha * (static_cast<float>(deposit.eosin) - eosin[index]);
    cover[index] += alpha * (1 - cover[index]);
  }

  /// Lays what `ink` says inside an outline, its edge softened over a pixel. ink(point, signed distance in um) -> Deposit.
  template <class Ink>
  void paint(const Outline& outline, Ink ink) {
    const double reach = outline.reach() + um_per_pixel;
    const int left = std::max(0, static_cast<int>((outline.centre.x - reach) / um_per_pixel));
    const int top = std::max(0, static_cast<int>((outline.centre.y - reach) / um_per_pixel));
    const int right = std::min(width - 1, static_cast<int>((outline.centre.x + reach) / um_per_pixel));
    const int bottom = std::min(height - 1, static_cast<int>((outline.centre.y + reach) / um_per_pixel));
    for (int row = top; row <= bottom; ++row) {
      for (int column = left; column <= right; ++column) {
        const Point point = {(column + 0.5) * um_per_pixel, (row + 0.5) * um_per_pixel};
        const double distance = outline.signed_distance(point);
        const double share = std::clamp(0.5 - distance / um_per_pixel, 0.0, 1.0);
        if (share > 0) lay(static_cast<std::size_t>(row) * width + column, ink(point, distance), share);
      }
    }
  }
};

}  // namespace lobule
