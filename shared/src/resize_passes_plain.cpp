#include "resize_passes.h"
#include "resize_plain.h"

namespace lobule {

Image resize_across(const Image& image, const ResizeWeights& weights, int first_row, int rows) {
  Image result = make_image(weights.outputs(), rows);
  const std::size_t in_stride = std::size_t{3} * static_cast<std::size_t>(image.width);
  const std::size_t out_stride = std::size_t{3} * static_cast<std::size_t>(result.width);
  for (int row = 0; row < rows; ++row) {
    resize_row_across(image.rgb.data() + static_cast<std::size_t>(first_row + row) * in_stride, weights,
                      result.rgb.data() + static_cast<std::size_t>(row) * out_stride);
  }
  return result;
}

Image resize_down(const Image& image, const ResizeWeights& weights, int first_row) {
  Image result = make_image(image.width, weights.outputs());
  const std::size_t stride = std::size_t{3} * static_cast<std::size_t>(image.width);
  for (int y = 0; y < result.height; ++y) {
    const std::uint8_t* in = image.rgb.data() + static_cast<std::size_t>(weights.first[static_cast<std::size_t>(y)] - first_row) * stride;
    resize_row_down(in, stride, weights, y, 0, stride, result.rgb.data() + static_cast<std::size_t>(y) * stride);
  }
  return result;
}

}  // namespace lobule
