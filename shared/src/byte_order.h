#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lobule {

/// Integers at an offset that the caller has checked.
inline std::uint32_t byte_at(std::span<const std::byte> bytes, std::size_t offset) { return std::to_integer<std::uint32_t>(bytes[offset]); }

inline std::uint32_t big16_at(std::span<const std::byte> bytes, std::size_t offset) { return byte_at(bytes, offset) << 8 | byte_at(bytes, offset + 1); }

inline std::uint32_t big32_at(std::span<const std::byte> bytes, std::size_t offset) { return big16_at(bytes, offset) << 16 | big16_at(bytes, offset + 2); }

inline std::uint32_t little16_at(std::span<const std::byte> bytes, std::size_t offset) { return byte_at(bytes, offset) | byte_at(bytes, offset + 1) << 8; }

inline std::uint32_t little32_at(std::span<const std::byte> bytes, std::size_t offset) {
  return little16_at(bytes, offset) | little16_at(bytes, offset + 2) << 16;
}

}  // namespace lobule
