#include "stb_as_it_comes.h"

#include <stdexcept>

#define STBI_NO_STDIO
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

unsigned char decode_with_stb_as_it_comes(std::span<const std::byte> encoded) {
  int width = 0;
  int height = 0;
  int channels = 0;
  stbi_uc* samples = stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(encoded.data()), static_cast<int>(encoded.size()), &width, &height, &channels, 3);
  if (samples == nullptr) throw std::runtime_error("stb_image cannot decode it");
  const unsigned char first = samples[0];
  stbi_image_free(samples);
  return first;
}
