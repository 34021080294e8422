#pragma once

#include "lobule/image.h"
#include "lobule/portable_math.h"

namespace lobule {

/// What lies between light and camera besides tissue. Each draws as many numbers whatever its size, so that more of it covers all that less of it did.

/// So many specks of dust (dark) and bubbles (bright, with a dark rim), every third a bubble. count: at most 30.
void add_spots(Image& image, int count, SplitMix64& random);

/// A slightly bent stroke of blue, green, black or red ink from side to side; tissue shows through. width: in shares of the short side.
void draw_pen_stroke(Image& image, double width, SplitMix64& random);

/// Light that falls off with the square of the distance from a place in the image; the corner farthest from it loses the share `strength` of its light.
void cast_shadow(Image& image, double strength, SplitMix64& random);

}  // namespace lobule
