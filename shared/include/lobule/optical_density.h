#pragma once

#include <array>
#include <cstdint>

namespace lobule {

/// Optical density of each 8-bit sample: -log10(value / 255), Lambert-Beer's law for glass of 255 (Ruifrok & Johnston 2001). No light at all would be
/// infinitely dense: 0 counts as 1, density 2.41. The nearest doubles, written down, since the C library's log10 differs between machines.
extern const std::array<double, 256> kOpticalDensity;

/// The 8-bit sample of a density: 255 * 10^-density, rounded to the nearest and kept within 0..255. Gives back every sample but 0, which comes back as 1.
std::uint8_t sample_of_density(double density);

}  // namespace lobule
