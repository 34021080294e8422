#include "lobule/stain_view.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "lobule/optical_density.h"
#include "stain_basis.h"

namespace lobule {
namespace {

Vector3 density_of(const std::uint8_t* sample) { return {kOpticalDensity[sample[0]], kOpticalDensity[sample[1]], kOpticalDensity[sample[2]]}; }

/// Of the mean of three densities.
std::uint8_t grey_of(const Vector3& density) {
  const double mean = (density[0] + density[1] + density[2]) / 3;
  return static_cast<std::uint8_t>(255 * (1 - std::min(mean, 1.0)) + 0.5);
}

void show_density(std::span<std::uint8_t> rgba) {
  for (std::size_t i = 0; i < rgba.size(); i += 4) {
    const std::uint8_t grey = grey_of(density_of(rgba.data() + i));
    std::fill_n(rgba.begin() + static_cast<std::ptrdiff_t>(i), 3, grey);
  }
}

}  // namespace

ViewStains view_stains(const Image& image) {
  const std::optional<StainEstimate> own = estimate_stains(image);
  return own ? ViewStains{own->stains, true} : ViewStains{ruifrok_stains(), false};
}

void show_stain(std::span<std::uint8_t> rgba, StainChannel channel, const StainMatrix& stains) {
  if (rgba.size() % 4 != 0) throw std::logic_error("show_stain: pixels have four samples");
  if (channel == StainChannel::optical_density) {
    show_density(rgba);
    return;
  }
  const bool is_haematoxylin = channel == StainChannel::haematoxylin;
  const StainVector& stain = is_haematoxylin ? stains.haematoxylin : stains.eosin;
  const Vector3 amounts = reciprocal_basis(stain_basis(stains))[is_haematoxylin ? 0 : 1];
  for (std::size_t i = 0; i < rgba.size(); i += 4) {
    const double amount = std::max(dot(amounts, density_of(rgba.data() + i)), 0.0);
    for (std::size_t c = 0; c < 3; ++c) rgba[i + c] = sample_of_density(amount * stain[c]);
  }
}

}  // namespace lobule
