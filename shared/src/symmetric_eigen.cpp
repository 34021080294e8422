#include "symmetric_eigen.h"

#include <cmath>
#include <utility>

namespace lobule {
namespace {

constexpr int kSweeps = 12;  // it converges quadratically: five or six are enough for three rows

/// Turns rows and columns p < q so that matrix[p][q] becomes 0. The matrix is kept whole, both halves.
void rotate(Matrix3& matrix, Matrix3& vectors, std::size_t p, std::size_t q) {
  if (matrix[p][q] == 0) return;
  const double tau = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
  const double root = std::sqrt(1 + tau * tau);  // sqrt is exactly rounded everywhere; infinite tau gives t = 0
  const double t = tau >= 0 ? 1 / (tau + root) : 1 / (tau - root);
  const double cosine = 1 / std::sqrt(1 + t * t);
  const double sine = t * cosine;
  for (std::size_t k = 0; k < 3; ++k) {
    const double kp = matrix[k][p];
    const double kq = matrix[k][q];
    matrix[k][p] = cosine * kp - sine * kq;
    matrix[k][q] = sine * kp + cosine * kq;
  }
  for (std::size_t k = 0; k < 3; ++k) {
    const double pk = matrix[p][k];
    const double qk = matrix[q][k];
    matrix[p][k] = cosine * pk - sine * qk;
    matrix[q][k] = sine * pk + cosine * qk;
  }
  matrix[p][q] = 0;
  matrix[q][p] = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const double pk = vectors[p][k];
    const double qk = vectors[q][k];
    vectors[p][k] = cosine * pk - sine * qk;
    vectors[q][k] = sine * pk + cosine * qk;
  }
}

}  // namespace

SymmetricEigen symmetric_eigen(Matrix3 matrix) {
  for (std::size_t row = 1; row < 3; ++row) {
    for (std::size_t column = 0; column < row; ++column) matrix[row][column] = matrix[column][row];
  }
  Matrix3 vectors = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    rotate(matrix, vectors, 0, 1);
    rotate(matrix, vectors, 0, 2);
    rotate(matrix, vectors, 1, 2);
  }
  SymmetricEigen eigen = {{matrix[0][0], matrix[1][1], matrix[2][2]}, vectors};
  const auto order = [&](std::size_t i, std::size_t j) {
    if (eigen.values[i] >= eigen.values[j]) return;
    std::swap(eigen.values[i], eigen.values[j]);
    std::swap(eigen.vectors[i], eigen.vectors[j]);
  };
  order(0, 1);
  order(1, 2);
  order(0, 1);
  return eigen;
}

}  // namespace lobule
