#pragma once

#include "lobule/image.h"
#include "lobule/portable_math.h"
#include "symmetric_eigen.h"

namespace lobule {

/// The steps that change an image's look, shared by what varies training images and what spoils images to test a model. The same bits on every machine.

/// The density of haematoxylin, of eosin (Ruifrok & Johnston 2001) and of what is left over, each times its factor and raised by `raised` (log10 units).
void scale_stains(Image& image, const Vector3& factors, const Vector3& raised);

/// Turns R, G and B about the grey axis; tangent: of half the angle, so that no sine is needed.
Matrix3 hue_turn(double tangent);

/// R, G and B, each of 0..255, through the map, and `offset` added; rounded half up and kept within 0..255.
void map_colours(Image& image, const Matrix3& map, double offset);

/// About Gaussian noise (the sum of four uniform numbers), each sample its own. deviation: standard, in steps of 255.
void add_noise(Image& image, double deviation, SplitMix64& random);

/// The image as it comes back from a JPEG of a quality in 1..100.
void recode_jpeg(Image& image, int quality);

}  // namespace lobule
