#include "lobule/stain.h"

#include <cmath>
#include <stdexcept>

#include "lobule/optical_density.h"
#include "stain_basis.h"

namespace lobule {
namespace {

StainVector unit(const StainVector& vector) {
  const double length = std::sqrt(dot(vector, vector));
  return {vector[0] / length, vector[1] / length, vector[2] / length};
}

}  // namespace

StainMatrix ruifrok_stains() { return {unit({0.65, 0.70, 0.29}), unit({0.07, 0.99, 0.11})}; }

StainDensities separate_stains(const Image& image, const StainMatrix& stains) {
  const Matrix3 amounts = reciprocal_basis(stain_basis(stains));
  const std::size_t pixels = image.rgb.size() / 3;
  StainDensities densities = {image.width, image.height, std::vector<float>(pixels), std::vector<float>(pixels), std::vector<float>(pixels)};
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* sample = image.rgb.data() + 3 * i;
    const Vector3 density = {kOpticalDensity[sample[0]], kOpticalDensity[sample[1]], kOpticalDensity[sample[2]]};
    densities.haematoxylin[i] = static_cast<float>(dot(amounts[0], density));
    densities.eosin[i] = static_cast<float>(dot(amounts[1], density));
    densities.residual[i] = static_cast<float>(dot(amounts[2], density));
  }
  return densities;
}

Image compose_stains(const StainDensities& densities, const StainMatrix& stains) {
  const Matrix3 rows = stain_basis(stains);
  Image image = make_image(densities.width, densities.height);
  const std::size_t pixels = image.rgb.size() / 3;
  if (densities.haematoxylin.size() != pixels || densities.eosin.size() != pixels || densities.residual.size() != pixels) {
    throw std::logic_error("compose_stains: planes of another size");
  }
  for (std::size_t i = 0; i < pixels; ++i) {
    const auto haematoxylin = static_cast<double>(densities.haematoxylin[i]);
    const auto eosin = static_cast<double>(densities.eosin[i]);
    const auto residual = static_cast<double>(densities.residual[i]);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      image.rgb[3 * i + channel] = sample_of_density(haematoxylin * rows[0][channel] + eosin * rows[1][channel] + residual * rows[2][channel]);
    }
  }
  return image;
}

}  // namespace lobule
