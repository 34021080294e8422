// Macenko et al. 2009: an image's own stain vectors, and normalisation to a reference's.
#include <algorithm>
#include <cmath>

#include "lobule/optical_density.h"
#include "lobule/stain.h"
#include "symmetric_eigen.h"

namespace lobule {
namespace {

constexpr double kLeastDensity = 0.15;          // the paper's beta
constexpr std::size_t kFewestPixels = 50;       // of tissue: a percentile of fewer is a single pixel's noise
constexpr std::size_t kMostPixels = 1'000'000;  // looked at: bounds time and memory
constexpr double kSmallestSine = 0.1;           // between the two stains

double of_rank(std::vector<double>& values, std::size_t rank) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

/// 1st and 99th percentiles: as far from either end, so that a change of sign exchanges them and no more. values are reordered; not empty.
double low_percentile(std::vector<double>& values) { return of_rank(values, (values.size() - 1) / 100); }
double high_percentile(std::vector<double>& values) { return of_rank(values, values.size() - 1 - (values.size() - 1) / 100); }

std::vector<Vector3> tissue_densities(const Image& image) {
  const auto width = static_cast<std::size_t>(image.width);
  const auto height = static_cast<std::size_t>(image.height);
  std::size_t step = 1;
  while ((width / step) * (height / step) > kMostPixels) ++step;
  std::vector<Vector3> densities;
  for (std::size_t y = 0; y < height; y += step) {
    for (std::size_t x = 0; x < width; x += step) {
      const std::uint8_t* sample = image.rgb.data() + 3 * (y * width + x);
      const Vector3 density = {kOpticalDensity[sample[0]], kOpticalDensity[sample[1]], kOpticalDensity[sample[2]]};
      if (std::min({density[0], density[1], density[2]}) >= kLeastDensity) densities.push_back(density);
    }
  }
  return densities;
}

Matrix3 second_moments(const std::vector<Vector3>& densities) {
  Matrix3 sums{};
  for (const Vector3& density : densities) {
    for (std::size_t row = 0; row < 3; ++row) {
      for (std::size_t column = row; column < 3; ++column) sums[row][column] += density[row] * density[column];
    }
  }
  return sums;
}

/// Unit vector at this slope in the plane of two orthogonal unit vectors.
StainVector at_slope(const Vector3& first, const Vector3& second, double slope) {
  const double length = std::sqrt(1 + slope * slope);
  return {(first[0] + slope * second[0]) / length, (first[1] + slope * second[1]) / length, (first[2] + slope * second[2]) / length};
}

/// 99th percentiles of the least-squares densities along both stains.
void measure_strengths(const std::vector<Vector3>& densities, StainEstimate& estimate) {
  const double cosine = dot(estimate.stains.haematoxylin, estimate.stains.eosin);
  const double determinant = 1 - cosine * cosine;  // of the normal equations; at least kSmallestSine squared
  std::vector<double> haematoxylin;
  std::vector<double> eosin;
  haematoxylin.reserve(densities.size());
  eosin.reserve(densities.size());
  for (const Vector3& density : densities) {
    const double along_haematoxylin = dot(density, estimate.stains.haematoxylin);
    const double along_eosin = dot(density, estimate.stains.eosin);
    haematoxylin.push_back((along_haematoxylin - cosine * along_eosin) / determinant);
    eosin.push_back((along_eosin - cosine * along_haematoxylin) / determinant);
  }
  estimate.haematoxylin_strength = high_percentile(haematoxylin);
  estimate.eosin_strength = high_percentile(eosin);
}

}  // namespace

std::optional<StainEstimate> estimate_stains(const Image& image) {
  const std::vector<Vector3> densities = tissue_densities(image);
  if (densities.size() < kFewestPixels) return std::nullopt;
  const SymmetricEigen eigen = symmetric_eigen(second_moments(densities));
  Vector3 first = eigen.vectors[0];  // all densities are positive, so its parts have one sign (Perron): turned to plus, every pixel lies before it
  if (first[0] + first[1] + first[2] < 0) first = {-first[0], -first[1], -first[2]};
  const Vector3& second = eigen.vectors[1];
  std::vector<double> slopes;  // tangents of the angles, which have the angles' order
  slopes.reserve(densities.size());
  for (const Vector3& density : densities) slopes.push_back(dot(density, second) / dot(density, first));
  const double low = low_percentile(slopes);
  const double high = high_percentile(slopes);
  StainEstimate estimate;
  estimate.stains = {at_slope(first, second, low), at_slope(first, second, high)};
  const Vector3 normal = cross(estimate.stains.haematoxylin, estimate.stains.eosin);
  if (dot(normal, normal) < kSmallestSine * kSmallestSine) return std::nullopt;
  if (estimate.stains.haematoxylin[0] < estimate.stains.eosin[0]) std::swap(estimate.stains.haematoxylin, estimate.stains.eosin);
  measure_strengths(densities, estimate);
  if (!(estimate.haematoxylin_strength > 0 && estimate.eosin_strength > 0)) return std::nullopt;
  return estimate;
}

StainEstimate macenko_reference() {
  constexpr double kLn10 = 0x1.26bb1bbb55516p+1;  // the toolbox takes natural logarithms
  return {{{0.5626, 0.7201, 0.4062}, {0.2159, 0.8012, 0.5581}}, 1.9705 / kLn10, 1.0308 / kLn10};
}

Image normalise_macenko(const Image& image, const StainEstimate& target) {
  const std::optional<StainEstimate> own = estimate_stains(image);
  if (!own) return image;
  StainDensities densities = separate_stains(image, own->stains);
  const auto haematoxylin_scale = static_cast<float>(target.haematoxylin_strength / own->haematoxylin_strength);
  const auto eosin_scale = static_cast<float>(target.eosin_strength / own->eosin_strength);
  for (float& density : densities.haematoxylin) density *= haematoxylin_scale;
  for (float& density : densities.eosin) density *= eosin_scale;
  std::fill(densities.residual.begin(), densities.residual.end(), 0.0F);
  return compose_stains(densities, target.stains);
}

}  // namespace lobule
