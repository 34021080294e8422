#pragma once

#include <cstdint>
#include <span>

#include "lobule/image.h"
#include "lobule/stain.h"

namespace lobule {

enum class StainChannel { haematoxylin, eosin, optical_density };

/// The stains that an image's channels are shown by: its own, as estimate_stains finds them, else ruifrok_stains.
struct ViewStains {
  StainMatrix stains;
  bool are_its_own = false;
};

/// Of the image at full size, or every n-th pixel of a large one: means of many pixels mix the colours that are looked for.
ViewStains view_stains(const Image& image);

/// Pixels as one channel alone shows them; alpha stays. Of haematoxylin and eosin the amount a on a pixel (see separate_stains; less than none counts as none)
/// is put on white in the stain's own colour s: 255 * 10^(-a s) for each of R, G and B, as QuPath and scikit-image show it (colour deconvolution, Ruifrok &
/// Johnston 2001). Optical density is the mean of the three channels' densities in grey: 255 for none, 0 for 1 (a tenth of the light) and more, even steps between.
/// The same bits under g++ and emcc. Throws std::logic_error for stains that are parallel or none, and for pixels that are not whole.
void show_stain(std::span<std::uint8_t> rgba, StainChannel channel, const StainMatrix& stains);

}  // namespace lobule
