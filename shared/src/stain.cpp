#include "lobule/stain.h"

#include <cmath>
#include <stdexcept>

#include "lobule/optical_density.h"
#include "symmetric_eigen.h"

namespace lobule {
namespace {

constexpr double kSmallestSine = 1e-3;  // between the stains: below it densities are noise blown up

StainVector unit(const StainVector& vector) {
  const double length = std::sqrt(dot(vector, vector));
  return {vector[0] / length, vector[1] / length, vector[2] / length};
}

Matrix3 with_normal(const StainMatrix& stains) {
  const Vector3 normal = cross(stains.haematoxylin, stains.eosin);
  const double sine = std::sqrt(dot(normal, normal));
  if (!(sine >= kSmallestSine)) throw std::logic_error("stains that are parallel cannot be told apart");
  return {stains.haematoxylin, stains.eosin, {normal[0] / sine, normal[1] / sine, normal[2] / sine}};
}

/// For density = sum of amount[i] * rows[i]: amount[i] = dot(result[i], density). The inverse by cross products over the determinant.
Matrix3 reciprocal(const Matrix3& rows) {
  Matrix3 result = {cross(rows[1], rows[2]), cross(rows[2], rows[0]), cross(rows[0], rows[1])};
  const double determinant = dot(rows[0], result[0]);
  for (Vector3& row : result) {
    for (double& value : row) value /= determinant;
  }
  return result;
}

}  // namespace

StainMatrix ruifrok_stains() { return {unit({0.65, 0.70, 0.29}), unit({0.07, 0.99, 0.11})}; }

StainDensities separate_stains(const Image& image, const StainMatrix& stains) {
  const Matrix3 amounts = reciprocal(with_normal(stains));
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
  const Matrix3 rows = with_normal(stains);
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
