#include "lobule/stain.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "lobule/model_package.h"
#include "lobule/optical_density.h"
#include "lobule/portable_math.h"
#include "lobule/reinhard.h"
#include "lobule/sha256.h"
#include "symmetric_eigen.h"

using namespace lobule;

namespace {

Image filled(int width, int height, int red, int green, int blue) {
  Image image = make_image(width, height);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    image.rgb[i] = static_cast<std::uint8_t>(red);
    image.rgb[i + 1] = static_cast<std::uint8_t>(green);
    image.rgb[i + 2] = static_cast<std::uint8_t>(blue);
  }
  return image;
}

/// Pixels of one stain in many amounts, or of two in turns.
Image stained(const StainVector& first, const StainVector& second) {
  Image image = make_image(40, 30);
  SplitMix64 random(3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    const StainVector& stain = i % 2 == 0 ? first : second;
    const double amount = 0.4 + 0.8 * random.uniform();
    for (std::size_t channel = 0; channel < 3; ++channel) image.rgb[i + channel] = sample_of_density(amount * stain[channel]);
  }
  return image;
}

double length(const Vector3& vector) { return std::sqrt(dot(vector, vector)); }

}  // namespace

TEST_CASE("Every sample comes back from its optical density, and 0 as 1") {
  CHECK(kOpticalDensity[255] == 0);
  CHECK(kOpticalDensity[0] == kOpticalDensity[1]);
  CHECK(sample_of_density(kOpticalDensity[0]) == 1);
  for (int sample = 1; sample < 256; ++sample) {
    INFO(sample);
    CHECK(sample_of_density(kOpticalDensity[static_cast<std::size_t>(sample)]) == sample);
    if (sample > 1) CHECK(kOpticalDensity[static_cast<std::size_t>(sample)] < kOpticalDensity[static_cast<std::size_t>(sample - 1)]);
  }
}

TEST_CASE("Densities below none and beyond black give samples within 0..255") {
  CHECK(sample_of_density(-0.5) == 255);
  CHECK(sample_of_density(9) == 0);
}

TEST_CASE("Eigenvalues fall, and their vectors are orthonormal and belong to them") {
  const Matrix3 matrix = {{{2, -1, 0.5}, {-1, 3, 0.25}, {0.5, 0.25, 1}}};
  const SymmetricEigen eigen = symmetric_eigen(matrix);
  CHECK(eigen.values[0] >= eigen.values[1]);
  CHECK(eigen.values[1] >= eigen.values[2]);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(length(eigen.vectors[i]) == Approx(1).epsilon(1e-14));
    CHECK(dot(eigen.vectors[i], eigen.vectors[(i + 1) % 3]) == Approx(0).margin(1e-14));
    for (std::size_t row = 0; row < 3; ++row) CHECK(dot(matrix[row], eigen.vectors[i]) == Approx(eigen.values[i] * eigen.vectors[i][row]).margin(1e-13));
  }
}

TEST_CASE("Eigenvectors of a diagonal and of no matrix are the axes, in order") {
  const SymmetricEigen diagonal = symmetric_eigen({{{1, 0, 0}, {0, 3, 0}, {0, 0, 3}}});
  CHECK(diagonal.vectors == Matrix3{{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}});
  CHECK(symmetric_eigen(Matrix3{}).vectors == Matrix3{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}});
}

TEST_CASE("A pixel of one stain separates into that stain alone") {
  const StainMatrix stains = ruifrok_stains();
  Image image = make_image(1, 1);
  for (std::size_t channel = 0; channel < 3; ++channel) image.rgb[channel] = sample_of_density(0.5 * stains.eosin[channel]);
  const StainDensities densities = separate_stains(image, stains);
  // Samples are whole numbers: half a step at 81 of 255 (green, the darkest) is 0.003 of density.
  CHECK(densities.eosin[0] == Approx(0.5F).margin(0.005));
  CHECK(densities.haematoxylin[0] == Approx(0.0F).margin(0.005));
  CHECK(densities.residual[0] == Approx(0.0F).margin(0.005));
}

TEST_CASE("Separated stains compose to the image that they came from") {
  Image image = golden_image(5, 70, 50);
  const StainMatrix stains = ruifrok_stains();
  const Image composed = compose_stains(separate_stains(image, stains), stains);
  for (std::uint8_t& sample : image.rgb) sample = std::max<std::uint8_t>(sample, 1);
  CHECK(composed.rgb == image.rgb);
}

TEST_CASE("Stains that are parallel or none are not separated") {
  const StainVector pink = ruifrok_stains().eosin;
  CHECK_THROWS_AS(separate_stains(filled(2, 2, 9, 9, 9), {pink, pink}), std::logic_error);
  CHECK_THROWS_AS(separate_stains(filled(2, 2, 9, 9, 9), {}), std::logic_error);
}

TEST_CASE("Stains are found where there are two, haematoxylin first whatever the order of the pixels") {
  const StainMatrix reference = macenko_reference().stains;
  for (const Image& image : {stained(reference.eosin, reference.haematoxylin), stained(reference.haematoxylin, reference.eosin)}) {
    const auto estimate = estimate_stains(image);
    REQUIRE(estimate);
    // The extreme one in a hundred of angles, which 8-bit samples scatter by a degree.
    for (std::size_t channel = 0; channel < 3; ++channel) {
      CHECK(estimate->stains.haematoxylin[channel] == Approx(reference.haematoxylin[channel]).margin(0.02));
      CHECK(estimate->stains.eosin[channel] == Approx(reference.eosin[channel]).margin(0.02));
    }
  }
}

TEST_CASE("An image that cannot tell its stains has none, and comes back as it is from Macenko's method") {
  const StainVector haematoxylin = macenko_reference().stains.haematoxylin;
  Image few = filled(40, 30, 250, 248, 251);
  const Image both = stained(haematoxylin, macenko_reference().stains.eosin);
  std::copy(both.rgb.begin(), both.rgb.begin() + 3 * 49, few.rgb.begin());  // one pixel less than is needed
  for (const Image& image : {make_image(0, 0), filled(40, 30, 255, 255, 255), filled(40, 30, 251, 249, 252), filled(40, 30, 0, 0, 0), filled(40, 30, 3, 2, 3),
                             filled(40, 30, 128, 128, 128), stained(haematoxylin, haematoxylin), few}) {
    INFO(image.width << " " << (image.rgb.empty() ? 0 : image.rgb[0]));
    CHECK_FALSE(estimate_stains(image));
    CHECK(normalise_macenko(image).rgb == image.rgb);
  }
}

TEST_CASE("Normalised images have the target's stains and strengths") {
  // Strong enough that eosin counts as tissue by its red, too.
  const StainEstimate target = {macenko_reference().stains, 1.2, 1.0};
  const StainMatrix other = {{0.65, 0.68, 0.34}, {0.22, 0.90, 0.38}};
  const auto result = estimate_stains(normalise_macenko(stained(other.haematoxylin, other.eosin), target));
  REQUIRE(result);
  // 8-bit samples, of which the darkest of the target are near 30.
  CHECK(result->haematoxylin_strength == Approx(target.haematoxylin_strength).epsilon(0.02));
  CHECK(result->eosin_strength == Approx(target.eosin_strength).epsilon(0.02));
  CHECK(dot(result->stains.haematoxylin, target.stains.haematoxylin) > 0.999);
  CHECK(dot(result->stains.eosin, target.stains.eosin) > 0.999);
}

TEST_CASE("Reinhard's method moves a colour that does not vary, and divides by nothing") {
  const ColourStatistics target = colour_statistics(golden_image(1, 64, 48));
  for (const Image& image : {filled(8, 8, 255, 255, 255), filled(8, 8, 0, 0, 0), filled(8, 8, 200, 120, 180)}) {
    const Image result = normalise_reinhard(image, target);
    REQUIRE(result.rgb.size() == image.rgb.size());
    const ColourStatistics moved = colour_statistics(result);
    // One 8-bit step of a mid grey is 0.004 in log10, times sqrt(3) for lightness.
    for (std::size_t channel = 0; channel < 3; ++channel) CHECK(moved.mean[channel] == Approx(target.mean[channel]).margin(0.01));
  }
  CHECK(normalise_reinhard(make_image(0, 0), target).rgb.empty());
  CHECK(colour_statistics(make_image(0, 0)).standard_deviation == Vector3{});
}

TEST_CASE("stains and normalised images have the same bits in every build") {
  // Hashes of the native build; this test runs as WebAssembly, too.
  const Image image = golden_image(2, 120, 80);
  CHECK(pixel_sha256(normalise_macenko(image)) == "bc6389545bfb65bd8042b46d4043878b64f13112134712247ddaf26cbf10a48f");
  CHECK(pixel_sha256(normalise_reinhard(image, colour_statistics(golden_image(3, 120, 80)))) ==
        "7a5a3cf6b3207f78b7055502353d9c5b6ca066dc142cc1f5b6a716a92e7210dd");
  CHECK(tensor_sha256(separate_stains(image, ruifrok_stains()).eosin) == "74f15377108f9a376d65c378eb91045c631dc60313e26385517a41834b8b8789");
}
