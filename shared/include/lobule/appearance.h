#pragma once

#include <cstdint>

#include "lobule/image.h"

namespace lobule {

/// How the look of a training image is varied: what laboratories, scanners and files do to the same tissue. 0 switches a variation off.
struct AppearanceOptions {
  /// Staining (Tellez et al., "Quantifying the effects of data augmentation and stain color normalization in convolutional neural networks for computational
  /// pathology", Med. Image Anal. 58, 2019): the density of haematoxylin, of eosin and of what is left over are each multiplied by [1 - stain, 1 + stain] and
  /// raised by [-stain, stain], in natural logarithms. 0.05 is the paper's light, 0.2 its strong form. 0..1.
  double stain = 0;
  /// Brightness, contrast and saturation are each multiplied by [1 - colour, 1 + colour], and the hue turns by up to 30 * colour degrees either way, all as one
  /// linear map of R, G and B (Haeberli, "Matrix operations for image processing", 1993). 0..1.
  double colour = 0;
  /// Of half of the images: the largest standard deviation of a Gaussian blur, in pixels. Each axis has its own, and every second blurred image is blurred along
  /// one axis alone, as a stage that moves or an image that was stretched. 0..16.
  double blur = 0;
  /// Of half of the images: the largest standard deviation of Gaussian noise, each sample its own, as a share of 255. 0..1.
  double noise = 0;
  /// Of half of the images: JPEG of a quality in [100 - jpeg, 100]; below 91 with colours at half resolution. 0..99.
  int jpeg = 0;
  /// Of half of the images: the largest share of the area that a rectangle of the image's mean colour covers (DeVries & Taylor, "Improved regularization of
  /// convolutional neural networks with cutout", 2017). 0..0.9.
  double cutout = 0;
};

bool changes_appearance(const AppearanceOptions& options);

/// Varies the image in place, in the order above. Each variation draws from its own stream of the seed: switching one off leaves the others as they were. All
/// numbers are uniform unless said otherwise. The same bits on every machine. Throws std::logic_error when the options or the image break the rules above.
void vary_appearance(Image& image, const AppearanceOptions& options, std::uint64_t seed);

}  // namespace lobule
