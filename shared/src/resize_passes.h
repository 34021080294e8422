#pragma once

#include "lobule/image.h"
#include "resize_weights.h"

namespace lobule {

// The two passes of resizing, once for each kind of machine (resize_passes_*.cpp), with the same bytes.

/// Rows first_row .. first_row + rows of the image, each as wide as the weights make it.
Image resize_across(const Image& image, const ResizeWeights& weights, int first_row, int rows);

/// Columns as high as the weights make them. first_row: the row of the original image that the image given here begins with.
Image resize_down(const Image& image, const ResizeWeights& weights, int first_row);

}  // namespace lobule
