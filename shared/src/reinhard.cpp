#include "lobule/reinhard.h"

#include <algorithm>
#include <cmath>

#include "lobule/optical_density.h"
#include "lobule/portable_math.h"
#include "symmetric_eigen.h"

namespace lobule {
namespace {

constexpr double kLn10 = 0x1.26bb1bbb55516p+1;

// The paper's numbers: RGB to the cones' answers, and their logarithms to l, alpha, beta. The way back is their inverse in full precision and
// not the paper's, which has four digits.
constexpr Matrix3 kConesOfRgb = {{{0.3811, 0.5783, 0.0402}, {0.1967, 0.7244, 0.0782}, {0.0241, 0.1288, 0.8444}}};

Matrix3 inverse(const Matrix3& rows) {
  const Matrix3 columns = {cross(rows[1], rows[2]), cross(rows[2], rows[0]), cross(rows[0], rows[1])};
  const double determinant = dot(rows[0], columns[0]);
  Matrix3 result{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) result[row][column] = columns[column][row] / determinant;
  }
  return result;
}

Vector3 times(const Matrix3& matrix, const Vector3& vector) { return {dot(matrix[0], vector), dot(matrix[1], vector), dot(matrix[2], vector)}; }

/// Orthonormal: its inverse is its transpose.
Matrix3 lab_of_log_cones() {
  const double l = 1 / std::sqrt(3.0);
  const double alpha = 1 / std::sqrt(6.0);
  const double beta = 1 / std::sqrt(2.0);
  return {{{l, l, l}, {alpha, alpha, -2 * alpha}, {beta, -beta, 0}}};
}

Vector3 lab_of(const std::uint8_t* rgb, const Matrix3& lab_matrix) {
  const auto sample = [&](int channel) { return static_cast<double>(std::max<std::uint8_t>(rgb[channel], 1)) / 255.0; };
  Vector3 cones = times(kConesOfRgb, {sample(0), sample(1), sample(2)});
  for (double& cone : cones) cone = portable_log(cone) / kLn10;
  return times(lab_matrix, cones);
}

std::uint8_t rounded(double sample) { return sample >= 255 ? 255 : sample <= 0 ? 0 : static_cast<std::uint8_t>(sample + 0.5); }

}  // namespace

ColourStatistics colour_statistics(const Image& image) {
  const Matrix3 lab_matrix = lab_of_log_cones();
  ColourStatistics statistics;
  const std::size_t pixels = image.rgb.size() / 3;
  if (pixels == 0) return statistics;
  for (std::size_t i = 0; i < pixels; ++i) {
    const Vector3 lab = lab_of(image.rgb.data() + 3 * i, lab_matrix);
    for (std::size_t channel = 0; channel < 3; ++channel) statistics.mean[channel] += lab[channel];
  }
  for (double& mean : statistics.mean) mean /= static_cast<double>(pixels);
  Vector3 squares{};
  for (std::size_t i = 0; i < pixels; ++i) {
    const Vector3 lab = lab_of(image.rgb.data() + 3 * i, lab_matrix);
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const double difference = lab[channel] - statistics.mean[channel];
      squares[channel] += difference * difference;
    }
  }
  for (std::size_t channel = 0; channel < 3; ++channel) statistics.standard_deviation[channel] = std::sqrt(squares[channel] / static_cast<double>(pixels));
  return statistics;
}

Image normalise_reinhard(const Image& image, const ColourStatistics& target) {
  constexpr double kNoVariation = 1e-6;  // above what rounding leaves of a single colour, far below one 8-bit step of one pixel in a thousand
  const Matrix3 lab_matrix = lab_of_log_cones();
  const Matrix3 rgb_of_cones = inverse(kConesOfRgb);
  const ColourStatistics own = colour_statistics(image);
  Vector3 scale = {1, 1, 1};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    if (own.standard_deviation[channel] > kNoVariation) scale[channel] = target.standard_deviation[channel] / own.standard_deviation[channel];
  }
  Image result = make_image(image.width, image.height);
  for (std::size_t i = 0; i < image.rgb.size() / 3; ++i) {
    Vector3 lab = lab_of(image.rgb.data() + 3 * i, lab_matrix);
    for (std::size_t channel = 0; channel < 3; ++channel) lab[channel] = (lab[channel] - own.mean[channel]) * scale[channel] + target.mean[channel];
    Vector3 cones{};
    for (std::size_t cone = 0; cone < 3; ++cone) {
      cones[cone] = portable_exp(kLn10 * (lab_matrix[0][cone] * lab[0] + lab_matrix[1][cone] * lab[1] + lab_matrix[2][cone] * lab[2]));
    }
    const Vector3 rgb = times(rgb_of_cones, cones);
    for (std::size_t channel = 0; channel < 3; ++channel) result.rgb[3 * i + channel] = rounded(255 * rgb[channel]);
  }
  return result;
}

}  // namespace lobule
