#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lobule/resize.h"

namespace lobule {

/// Bits after the point of a weight: 8 of the 32 hold the sample, and 2 the sum's overshoot with negative weights.
constexpr int kWeightBits = 32 - 8 - 2;
/// What each sum starts with, so that dropping those bits rounds.
constexpr std::int32_t kHalf = 1 << (kWeightBits - 1);

/// Which source samples make each output sample, along one side.
struct ResizeWeights {
  std::vector<int> first;            // source index of the first tap
  std::vector<int> taps;             // number of taps
  std::size_t stride = 0;            // between the weights of neighbouring outputs; even, and more than any number of taps
  std::vector<std::int32_t> values;  // fixed point; 0 behind the taps

  int outputs() const { return static_cast<int>(first.size()); }
  const std::int32_t* of(int output) const { return values.data() + static_cast<std::size_t>(output) * stride; }
};

/// Weights along a side of source_size samples, of which box_size from box_start on become output_size.
ResizeWeights make_resize_weights(int source_size, int box_start, int box_size, int output_size, ResizeFilter filter);

}  // namespace lobule
