#include "lobule/decode.h"

#include <stdexcept>
#include <string>
#include <vector>

#include "bmp_integrity.h"
#include "exif.h"
#include "image_format.h"
#include "jpeg_integrity.h"
#include "png_integrity.h"
#include "stb_decode.h"

namespace lobule {
namespace {

ImageHeader read_header_of(ImageFormat format, std::span<const std::byte> encoded) {
  switch (format) {
    case ImageFormat::png:
      return read_png_header(encoded);
    case ImageFormat::jpeg:
      return read_jpeg_header(encoded);
    case ImageFormat::bmp:
      return read_bmp_header(encoded);
  }
  throw std::logic_error("read_header_of: unknown format");
}

void check_limits(const ImageHeader& header, const DecodeLimits& limits) {
  const std::string size = std::string(format_name(header.format)) + " is " + std::to_string(header.width) + "x" + std::to_string(header.height) + " pixels; ";
  if (header.width > limits.max_side || header.height > limits.max_side) {
    throw std::runtime_error(size + "the limit is " + std::to_string(limits.max_side) + " a side");
  }
  if (header.width < limits.min_side || header.height < limits.min_side) {
    throw std::runtime_error(size + "at least " + std::to_string(limits.min_side) + " a side are needed");
  }
  if (std::int64_t{header.width} * header.height > limits.max_pixels) {
    throw std::runtime_error(size + "the limit is " + std::to_string(limits.max_pixels) + " in all");
  }
}

void check_integrity(ImageFormat format, std::span<const std::byte> encoded) {
  switch (format) {
    case ImageFormat::png:
      return check_png(encoded);
    case ImageFormat::jpeg:
      return check_jpeg(encoded);
    case ImageFormat::bmp:
      return check_bmp(encoded);
  }
}

/// value * alpha + white * (1 - alpha). Division by 255 never meets a half, so that adding 127 rounds to nearest.
std::uint8_t over_white(unsigned value, unsigned alpha) { return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255); }

Image to_rgb(const StbPixels& pixels) {
  const std::size_t count = static_cast<std::size_t>(pixels.width) * static_cast<std::size_t>(pixels.height);
  if (pixels.channels == 3) return {pixels.width, pixels.height, std::vector<std::uint8_t>(pixels.samples.get(), pixels.samples.get() + 3 * count)};
  Image image = make_image(pixels.width, pixels.height);
  const std::uint8_t* in = pixels.samples.get();
  std::uint8_t* out = image.rgb.data();
  switch (pixels.channels) {
    case 1:
      for (std::size_t i = 0; i < count; ++i, in += 1, out += 3) out[0] = out[1] = out[2] = in[0];
      break;
    case 2:
      for (std::size_t i = 0; i < count; ++i, in += 2, out += 3) out[0] = out[1] = out[2] = over_white(in[0], in[1]);
      break;
    case 4:
      for (std::size_t i = 0; i < count; ++i, in += 4, out += 3) {
        for (int c = 0; c < 3; ++c) out[c] = over_white(in[c], in[3]);
      }
      break;
    default:
      throw std::logic_error("to_rgb: " + std::to_string(pixels.channels) + " channels");
  }
  return image;
}

/// 0: as the file has them, alpha included. A BMP's fourth byte counts only where the header says so.
int wanted_channels(ImageFormat format, std::span<const std::byte> encoded) {
  if (format == ImageFormat::jpeg) return 3;
  if (format == ImageFormat::bmp) return bmp_has_alpha(encoded) ? 4 : 3;
  return 0;
}

}  // namespace

ImageHeader read_image_header(std::span<const std::byte> encoded, const DecodeLimits& limits) {
  const ImageHeader header = read_header_of(recognise_format(encoded), encoded);
  check_limits(header, limits);
  return header;
}

Image decode_image(std::span<const std::byte> encoded, const DecodeLimits& limits) {
  const ImageHeader header = read_image_header(encoded, limits);
  check_integrity(header.format, encoded);
  return apply_orientation(to_rgb(decode_with_stb(encoded, header, wanted_channels(header.format, encoded))), header.exif_orientation);
}

}  // namespace lobule
