#include "lobule/resize.h"

#include <cstdint>
#include <stdexcept>

#include "resize_passes.h"
#include "resize_weights.h"

namespace lobule {
namespace {

void check_sizes(const Image& image, const PixelBox& box, int width, int height) {
  const bool inside =
      box.left >= 0 && box.top >= 0 && box.width > 0 && box.height > 0 && box.left <= image.width - box.width && box.top <= image.height - box.height;
  if (!inside) throw std::logic_error("resize_image: the box does not lie inside the image");
  if (width <= 0 || height <= 0) throw std::logic_error("resize_image: the result has no pixels");
}

/// Pillow 13's rule for the order of the passes, which shows in the last bit (each pass rounds). Before 13 rows always went first.
bool shrinks_mainly_down(const Image& image, int width, int height) {
  const std::int64_t fewer_rows = std::int64_t{image.height} - height;
  const std::int64_t fewer_columns = std::int64_t{image.width} - width;
  return fewer_rows > 0 && fewer_rows > 2 * fewer_columns;
}

}  // namespace

Image resize_image(const Image& image, const PixelBox& box, int width, int height, ResizeFilter filter) {
  check_sizes(image, box, width, height);
  const bool across = width != image.width || box.left != 0 || box.width != width;
  const bool down = height != image.height || box.top != 0 || box.height != height;
  if (!across && !down) return image;
  const auto horizontal = [&] { return make_resize_weights(image.width, box.left, box.width, width, filter); };
  const ResizeWeights vertical = make_resize_weights(image.height, box.top, box.height, height, filter);
  if (!down) return resize_across(image, horizontal(), 0, image.height);
  if (!across) return resize_down(image, vertical, 0);
  if (shrinks_mainly_down(image, width, height)) {
    return resize_across(resize_down(image, vertical, 0), horizontal(), 0, height);
  }
  // Only rows that the second pass reads.
  const int first_row = vertical.first.front();
  const int rows = vertical.first.back() + vertical.taps.back() - first_row;
  return resize_down(resize_across(image, horizontal(), first_row, rows), vertical, first_row);
}

Image resize_image(const Image& image, int width, int height, ResizeFilter filter) {
  return resize_image(image, {0, 0, image.width, image.height}, width, height, filter);
}

}  // namespace lobule
