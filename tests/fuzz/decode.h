#pragma once

#include "fuzz.h"
#include "lobule/decode.h"
#include "lobule/encode.h"

namespace lobule::fuzz {

/// Small images only, so that an input takes microseconds; a side of one pixel is allowed, because seeds are small.
inline constexpr DecodeLimits kFuzzLimits{512, 1 << 16, 1};

inline void check_decoding(std::string_view encoded) {
  const auto header = parsed([&] { return read_image_header(bytes_of(encoded), kFuzzLimits); });
  const auto image = parsed([&] { return decode_image(bytes_of(encoded), kFuzzLimits); });
  if (!image) return;
  require(header.has_value(), "an image that decodes has a header");
  const bool turned = header->exif_orientation >= 5;  // these swap the sides
  require(image->width == (turned ? header->height : header->width), "the image is as wide as its header says");
  require(image->height == (turned ? header->width : header->height), "the image is as high as its header says");
  require(image->rgb.size() == std::size_t{3} * static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height), "three bytes a pixel");
  if (image->width * image->height > 1024) return;  // writing PNG takes longer than reading it
  const std::string png = encode_png(*image);
  require(decode_image(bytes_of(png), kFuzzLimits).rgb == image->rgb, "pixels come back from PNG as they were");
}

}  // namespace lobule::fuzz
