#pragma once

#include "lobule/stain.h"
#include "symmetric_eigen.h"

namespace lobule {

/// Haematoxylin, eosin and the unit normal of both, as rows. Throws std::logic_error for stains that are parallel or none.
Matrix3 stain_basis(const StainMatrix& stains);

/// For density = sum of amount[i] * rows[i]: amount[i] = dot(result[i], density).
Matrix3 reciprocal_basis(const Matrix3& rows);

}  // namespace lobule
