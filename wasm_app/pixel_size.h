#pragma once

#include "session_case.h"

namespace lobule {

/// Micrometres a pixel of a BreaKHis image at its full 700x460 (Spanhol 2016, table 2: effective pixel size); 0 for every other image: crops and rescaled
/// copies have another.
double breakhis_pixel_size(const Case& c);

}  // namespace lobule
