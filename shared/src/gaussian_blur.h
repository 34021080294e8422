#pragma once

#include "lobule/image.h"

namespace lobule {

/// Gaussian blur of standard deviation sigma_x across and sigma_y down, in pixels (below 0.05: none along that axis), cut off at three of them; weights in
/// 1/65536, samples rounded after each axis, the edge pixel repeated beyond the border.
void blur_gaussian(Image& image, double sigma_x, double sigma_y);

}  // namespace lobule
