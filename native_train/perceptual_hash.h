#pragma once

#include <array>
#include <cstdint>

#include "lobule/image.h"

namespace lobule {

/// 64 bits that hardly change when an image is scaled, compressed again or brightened: the signs of its lowest frequencies (pHash: Zauner, "Implementation and
/// Benchmarking of Perceptual Image Hash Functions", 2010). The luminance is averaged over 32 x 32 boxes; bit 8 v + u, with u and v from 0, is the sign
/// of its discrete cosine transform (DCT-II) at frequency (u + 1, v + 1). 0: the image is too even to tell. Throws std::logic_error for one without pixels.
std::uint64_t perceptual_hash(const Image& image);

/// Hashes of the same image mirrored and turned by quarters, itself first: a mirror changes the sign of the odd frequencies, a transposition swaps u and v.
std::array<std::uint64_t, 8> orientations_of(std::uint64_t hash);

}  // namespace lobule
