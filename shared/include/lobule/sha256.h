#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lobule {

/// SHA-256 (FIPS 180-4), fed in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// The digest as 64 lower-case hexadecimal digits. The object must not be used afterwards.
  std::string finish_hex();

 private:
  void process_block(const std::uint8_t* block);
  std::array<std::uint32_t, 8> state_;
  std::array<std::uint8_t, 64> block_{};
  std::uint64_t length_ = 0;  // bytes so far
};

std::string sha256_hex(std::span<const std::byte> bytes);
std::string sha256_hex(std::string_view text);

/// Hash of a tensor: over the little-endian bytes of its floats. What `lobule inspect --tensor-sha256` and the page show.
std::string tensor_sha256(std::span<const float> values);

/// Hash of an image: over "WIDTHxHEIGHT\n" and the RGB bytes. Two files with equal pixels have one pixel hash.
struct Image;
std::string pixel_sha256(const Image& image);

}  // namespace lobule
