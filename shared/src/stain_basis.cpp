#include "stain_basis.h"

#include <cmath>
#include <stdexcept>

namespace lobule {
namespace {

constexpr double kSmallestSine = 1e-3;  // between the stains: below it densities are noise blown up

}  // namespace

Matrix3 stain_basis(const StainMatrix& stains) {
  const Vector3 normal = cross(stains.haematoxylin, stains.eosin);
  const double sine = std::sqrt(dot(normal, normal));
  if (!(sine >= kSmallestSine)) throw std::logic_error("stains that are parallel cannot be told apart");
  return {stains.haematoxylin, stains.eosin, {normal[0] / sine, normal[1] / sine, normal[2] / sine}};
}

/// The inverse by cross products over the determinant.
Matrix3 reciprocal_basis(const Matrix3& rows) {
  Matrix3 result = {cross(rows[1], rows[2]), cross(rows[2], rows[0]), cross(rows[0], rows[1])};
  const double determinant = dot(rows[0], result[0]);
  for (Vector3& row : result) {
    for (double& value : row) value /= determinant;
  }
  return result;
}

}  // namespace lobule
