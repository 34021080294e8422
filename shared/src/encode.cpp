#include "lobule/encode.h"

#include <limits>
#include <stdexcept>

#define STBIW_ASSERT(condition) static_cast<void>(0)
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>

namespace lobule {
namespace {

void append(void* text, void* bytes, int size) { static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), static_cast<std::size_t>(size)); }

void check_size(const Image& image) {
  const std::size_t size = std::size_t{3} * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  if (image.width <= 0 || image.height <= 0 || image.rgb.size() != size || size > static_cast<std::size_t>(std::numeric_limits<int>::max()) / 2) {
    throw std::logic_error("an image to encode has a wrong size");
  }
}

}  // namespace

std::string encode_png(const Image& image) {
  check_size(image);
  // stb's defaults stand: level 8, and for each row the filter with the least sum of absolute values (PNG, section 12.8).
  std::string png;
  if (stbi_write_png_to_func(append, &png, image.width, image.height, 3, image.rgb.data(), 3 * image.width) == 0) {
    throw std::runtime_error("not enough memory to write a PNG");
  }
  return png;
}

std::string encode_jpeg(const Image& image, int quality) {
  check_size(image);
  if (quality < 1 || quality > 100) throw std::logic_error("encode_jpeg: quality is not within 1..100");
  std::string jpeg;
  if (stbi_write_jpg_to_func(append, &jpeg, image.width, image.height, 3, image.rgb.data(), quality) == 0) {
    throw std::runtime_error("not enough memory to write a JPEG");
  }
  return jpeg;
}

}  // namespace lobule
