#pragma once

#include <array>

namespace lobule {

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<Vector3, 3>;  // rows

/// Eigenvalues, falling (ties in the order of the columns), and their unit vectors: vectors[i] belongs to values[i].
struct SymmetricEigen {
  Vector3 values{};
  Matrix3 vectors{};
};

/// Of a symmetric matrix, by cyclic Jacobi rotations (Golub & Van Loan, "Matrix computations", 8.5): only + - * / and sqrt in a fixed order, so that
/// every machine gets the same bits. Only the upper half is read.
SymmetricEigen symmetric_eigen(Matrix3 matrix);

inline double dot(const Vector3& a, const Vector3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

inline Vector3 cross(const Vector3& a, const Vector3& b) { return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]}; }

}  // namespace lobule
