#include "exif.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lobule;
  const std::string segment = fuzz::text_of(data, size);
  if (!is_exif(fuzz::bytes_of(segment))) return -1;  // not kept in the corpus
  const int orientation = exif_orientation(fuzz::bytes_of(segment));
  fuzz::require(orientation >= 1 && orientation <= 8, "an orientation is 1 to 8");
  Image image = make_image(3, 2);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<std::uint8_t>(i);
  const Image turned = apply_orientation(image, orientation);
  fuzz::require(turned.width * turned.height == 6 && turned.rgb.size() == image.rgb.size(), "turning keeps the pixels");
  return 0;
}
