#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lobule {

/// XXH64 with seed 0 (Collet, "xxHash fast digest algorithm", specification 0.1.1): a checksum against damage, at the speed of memory. No defence against intent.
std::uint64_t xxhash64(std::span<const std::uint8_t> bytes);

}  // namespace lobule
