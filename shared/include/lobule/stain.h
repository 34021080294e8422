#pragma once

#include <array>
#include <optional>
#include <vector>

#include "lobule/image.h"

namespace lobule {

/// Optical densities of R, G and B that one stain adds; unit length.
using StainVector = std::array<double, 3>;

struct StainMatrix {
  StainVector haematoxylin{};
  StainVector eosin{};
};

/// Haematoxylin and eosin as Ruifrok & Johnston measured them ("Quantification of histochemical staining by color deconvolution", Anal. Quant.
/// Cytol. Histol. 23, 2001): (0.65, 0.70, 0.29) and (0.07, 0.99, 0.11), made unit length.
StainMatrix ruifrok_stains();

/// How much of each stain lies on each pixel, in optical density along its vector. What is of neither colour is the residual, along the normal of
/// both. Negative where a pixel is lighter or of another colour than the stains allow.
struct StainDensities {
  int width = 0;                    // pixels
  int height = 0;                   // pixels
  std::vector<float> haematoxylin;  // row-major
  std::vector<float> eosin;
  std::vector<float> residual;
};

/// Colour deconvolution (Ruifrok & Johnston 2001): the density of each pixel as a sum of the two stains and their unit normal. Throws std::logic_error
/// for stains that are parallel or none.
StainDensities separate_stains(const Image& image, const StainMatrix& stains);

/// The image that such stains would give: separate_stains undone, but for rounding. Planes may be changed or zeroed to look at one stain alone.
Image compose_stains(const StainDensities& densities, const StainMatrix& stains);

/// What an image's own staining is, by Macenko et al. ("A method for normalizing histology slides for quantitative analysis", ISBI 2009).
struct StainEstimate {
  StainMatrix stains;
  double haematoxylin_strength = 0;  // 99th percentile of the density along the vector, over the tissue's pixels; above 0
  double eosin_strength = 0;
};

/// Tissue are the pixels whose R, G and B each have a density of 0.15 at least. The stains are the 1st and the 99th percentile (by rank, none interpolated)
/// of the tissue's angle in the plane of the first two singular vectors of its densities; haematoxylin is the one that takes more red. Of images with more
/// than a million pixels every n-th across and down is looked at.
/// Nothing when the image cannot tell: fewer than 50 pixels of tissue (glass, near-white, an empty image), or an angle below 0.1 (sine) between the stains
/// (one stain, grey, near-black).
std::optional<StainEstimate> estimate_stains(const Image& image);

/// The staining of Macenko's method's usual reference (M. Veta's staining normalisation toolbox), converted to log10 densities.
StainEstimate macenko_reference();

/// The image as if it had been stained like `target` (Macenko 2009): its own densities, brought to the target's strengths, in the target's colours.
/// The residual is dropped. An image of which estimate_stains can't tell the stains comes back as it is.
Image normalise_macenko(const Image& image, const StainEstimate& target = macenko_reference());

}  // namespace lobule
