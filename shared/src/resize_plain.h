#pragma once

#include <cstddef>
#include <cstdint>

#include "resize_weights.h"

namespace lobule {

/// A row of RGB pixels, resampled across: as many pixels as the weights have outputs.
void resize_row_across(const std::uint8_t* in, const ResizeWeights& weights, std::uint8_t* out);

/// Samples begin .. end - 1 of the output row with number y, from rows of stride samples; in: the row of its first tap.
void resize_row_down(const std::uint8_t* in, std::size_t stride, const ResizeWeights& weights, int y, std::size_t begin, std::size_t end, std::uint8_t* out);

}  // namespace lobule
