#include "pixel_size.h"

namespace lobule {

double breakhis_pixel_size(const Case& c) {
  if (c.width != 700 || c.height != 460) return 0;
  switch (c.facts.magnification) {
    case 40:
      return 0.49;
    case 100:
      return 0.20;
    case 200:
      return 0.10;
    case 400:
      return 0.05;
    default:
      return 0;
  }
}

}  // namespace lobule
