#include "lobule/quality.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "lobule/optical_density.h"
#include "lobule/stain.h"
#include "quality_limits.h"
#include "reduced_image.h"
#include "symmetric_eigen.h"

namespace lobule {
namespace {

constexpr int kFewestTissue = 50;       // boxes: fewer have no statistics
constexpr int kDarkest = 32;            // luminance of tissue at least: below are ink, dirt and the microscope's aperture
constexpr double kGlassDensity = 0.07;  // glass has less in each channel

using Light = std::array<std::uint8_t, 3>;

/// The colour of clear glass: the 99th percentile of each channel (by rank) where that is bright, nearly grey and not pink, which no lamp is but pale
/// eosin; otherwise the image shows no glass, and it is 255.
Light find_light(const std::vector<std::uint8_t>& rgb) {
  constexpr int kDimmest = 150;
  constexpr int kMostTint = 60;
  constexpr int kMostPink = 20;  // green below the lesser of red and blue
  std::array<std::array<std::uint32_t, 256>, 3> histogram{};
  for (std::size_t i = 0; i < rgb.size(); i += 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) ++histogram[channel][rgb[i + channel]];
  }
  const std::size_t rank = (rgb.size() / 3 - 1) * 99 / 100;
  Light light{};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    std::size_t below = 0;
    int value = 0;
    while ((below += histogram[channel][static_cast<std::size_t>(value)]) <= rank) ++value;
    light[channel] = static_cast<std::uint8_t>(value);
  }
  const auto [darkest, brightest] = std::minmax_element(light.begin(), light.end());
  const bool is_glass = *darkest >= kDimmest && *brightest - *darkest <= kMostTint && light[1] + kMostPink >= std::min(light[0], light[2]);
  return is_glass ? light : Light{255, 255, 255};
}

/// Tissue lets at most 17 twentieths of glass's light through (density 0.071) and is not black. A dense section is far darker; one stained half as long as
/// usual still counts.
struct TissueRange {
  int darkest;
  int brightest;
  bool holds(int luminance) const { return luminance >= darkest && luminance <= brightest; }
};

TissueRange tissue_range(const Light& light) { return {kDarkest, luminance_of(light[0], light[1], light[2]) * 17 / 20}; }

ReducedImage reduced_for_quality(const Image& image) {
  if (image.width <= 0 || image.height <= 0) throw std::logic_error("the quality of an image without pixels was asked for");
  return reduce_image(image);
}

double tissue_share_of(const ReducedImage& reduced, const TissueRange& tissue) {
  std::size_t count = 0;
  for (const std::uint8_t luminance : reduced.luminance) count += tissue.holds(luminance) ? 1 : 0;
  return static_cast<double>(count) / static_cast<double>(reduced.luminance.size());
}

/// Variance of the Laplacian (4 at the box, -1 at its neighbours) over the boxes of tissue that have four neighbours: Pech-Pacheco et al., ICPR 2000;
/// LAPV in Pertuz et al., Pattern Recognition 46, 2013. Sums are whole numbers, so their order doesn't matter.
std::optional<double> focus_of(const ReducedImage& reduced, const TissueRange& tissue) {
  const std::ptrdiff_t width = reduced.width;
  std::int64_t count = 0;
  std::int64_t sum = 0;
  std::int64_t squares = 0;
  for (std::ptrdiff_t y = 1; y + 1 < reduced.height; ++y) {
    const std::uint8_t* row = reduced.luminance.data() + y * width;
    // A row's sums fit 32 bits up to 2^31 / 1020^2 = 2064 boxes: longer rows are taken in pieces.
    constexpr std::ptrdiff_t kPiece = 2048;
    for (std::ptrdiff_t begin = 1; begin + 1 < width; begin += kPiece) {
      const std::ptrdiff_t end = std::min(begin + kPiece, width - 1);
      std::int32_t row_count = 0;
      std::int32_t row_sum = 0;
      std::int32_t row_squares = 0;
      for (std::ptrdiff_t x = begin; x < end; ++x) {
        const std::int32_t is_tissue = tissue.holds(row[x]) ? 1 : 0;
        const std::int32_t laplacian = is_tissue * (4 * row[x] - row[x - 1] - row[x + 1] - row[x - width] - row[x + width]);
        row_count += is_tissue;
        row_sum += laplacian;
        row_squares += laplacian * laplacian;
      }
      count += row_count;
      sum += row_sum;
      squares += row_squares;
    }
  }
  if (count < kFewestTissue) return std::nullopt;
  const double mean = static_cast<double>(sum) / static_cast<double>(count);
  return static_cast<double>(squares) / static_cast<double>(count) - mean * mean;
}

/// Densities above glass's, by channel and sample.
using DensityTables = std::array<std::array<double, 256>, 3>;

DensityTables densities_above(const Light& light) {
  DensityTables tables{};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    for (std::size_t sample = 0; sample < 256; ++sample) {
      tables[channel][sample] = std::max(kOpticalDensity[sample] - kOpticalDensity[light[channel]], 0.0);
    }
  }
  return tables;
}

/// Haematoxylin and eosin take green most, or nearly so, and have a colour: what grey, brown, green and blue have not.
bool is_stain_hue(const Vector3& density) {
  const double others = std::max(density[0], density[2]);
  const double most = std::max(density[1], others);
  const double least = std::min(density[1], std::min(density[0], density[2]));
  return density[1] >= 0.9 * others && most - least >= 0.05 * most;
}

/// Inks of markers: blue and green take red far more than green, which no nucleus does; black is darker and greyer than any nucleus. Red ink can't be
/// told from eosin and blood.
bool is_ink(const std::uint8_t* rgb, const Vector3& density) {
  const int brightest = std::max({rgb[0], rgb[1], rgb[2]});
  const int darkest = std::min({rgb[0], rgb[1], rgb[2]});
  if (brightest < 48) return brightest - darkest < 20;
  return density[0] >= 0.3 && density[0] >= 1.4 * density[1];
}

/// How much of a density's square haematoxylin and eosin explain, in amounts of at least 0: least squares in the plane of both, or along one.
class StainFit {
 public:
  StainFit() : cosine_(dot(stains_.haematoxylin, stains_.eosin)), scale_(1 / (1 - cosine_ * cosine_)) {}
  double explained(const Vector3& density) const {
    const double along_haematoxylin = dot(density, stains_.haematoxylin);
    const double along_eosin = dot(density, stains_.eosin);
    const double haematoxylin = (along_haematoxylin - cosine_ * along_eosin) * scale_;
    const double eosin = (along_eosin - cosine_ * along_haematoxylin) * scale_;
    if (haematoxylin < 0) return along_eosin * along_eosin;
    if (eosin < 0) return along_haematoxylin * along_haematoxylin;
    return along_haematoxylin * haematoxylin + along_eosin * eosin;
  }

 private:
  StainMatrix stains_ = ruifrok_stains();
  double cosine_;
  double scale_;
};

void measure_colour(const ReducedImage& reduced, const TissueRange& tissue, QualityReport& report) {
  const DensityTables tables = densities_above(report.light);
  const StainFit fit;
  std::size_t glass = 0;
  std::size_t ink = 0;
  int tissue_count = 0;
  double stain = 0;
  double stain_of_hue = 0;
  double energy = 0;
  double explained = 0;
  for (std::size_t i = 0; i < reduced.rgb.size(); i += 3) {
    const std::uint8_t* rgb = reduced.rgb.data() + i;
    const Vector3 density = {tables[0][rgb[0]], tables[1][rgb[1]], tables[2][rgb[2]]};
    if (std::max(density[0], std::max(density[1], density[2])) < kGlassDensity) {
      ++glass;
      continue;
    }
    if (is_ink(rgb, density)) ++ink;
    if (!tissue.holds(luminance_of(rgb[0], rgb[1], rgb[2]))) continue;
    const double sum = density[0] + density[1] + density[2];
    ++tissue_count;
    stain += sum;
    if (is_stain_hue(density)) stain_of_hue += sum;
    energy += dot(density, density);
    explained += fit.explained(density);
  }
  const auto samples = static_cast<double>(reduced.rgb.size() / 3);
  report.glass_share = static_cast<double>(glass) / samples;
  report.pen_share = static_cast<double>(ink) / samples;
  if (report.tissue_share < kLeastTissueShare || tissue_count < kFewestTissue) return;
  report.stain_hue_share = stain_of_hue / stain;  // every box of tissue is denser than glass in some channel: stain and energy are above 0
  report.stain_misfit = std::sqrt(std::max(energy - explained, 0.0) / energy);
}

}  // namespace

TissueMask tissue_mask(const Image& image) {
  const ReducedImage reduced = reduced_for_quality(image);
  const TissueRange tissue = tissue_range(find_light(reduced.rgb));
  TissueMask mask = {reduced.reduction, reduced.width, reduced.height, {}};
  mask.is_tissue.reserve(reduced.luminance.size());
  for (const std::uint8_t luminance : reduced.luminance) mask.is_tissue.push_back(tissue.holds(luminance));
  return mask;
}

QualityReport assess_quality(const Image& image) {
  const ReducedImage reduced = reduced_for_quality(image);
  QualityReport report;
  report.reduction = reduced.reduction;
  report.light = find_light(reduced.rgb);
  const TissueRange tissue = tissue_range(report.light);
  report.tissue_share = tissue_share_of(reduced, tissue);
  if (report.tissue_share >= kLeastTissueShare) report.focus = focus_of(reduced, tissue);
  measure_colour(reduced, tissue, report);
  return report;
}

}  // namespace lobule
