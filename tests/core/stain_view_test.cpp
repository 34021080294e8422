#include "lobule/stain_view.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "lobule/optical_density.h"
#include "lobule/portable_math.h"
#include "lobule/sha256.h"

using namespace lobule;

namespace {

using Pixel = std::array<std::uint8_t, 4>;

Pixel shown(Pixel pixel, StainChannel channel, const StainMatrix& stains = ruifrok_stains()) {
  show_stain(pixel, channel, stains);
  return pixel;
}

/// A pixel of so much of both stains.
Pixel stained(const StainMatrix& stains, double haematoxylin, double eosin) {
  Pixel pixel = {0, 0, 0, 255};
  for (std::size_t c = 0; c < 3; ++c) pixel[c] = sample_of_density(haematoxylin * stains.haematoxylin[c] + eosin * stains.eosin[c]);
  return pixel;
}

/// Haematoxylin and eosin in turns, in many amounts.
Image section() {
  const StainMatrix stains = macenko_reference().stains;
  Image image = make_image(40, 30);
  SplitMix64 random(3);
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
    const double amount = 0.4 + 0.8 * random.uniform();
    const Pixel pixel = i % 2 == 0 ? stained(stains, amount, 0) : stained(stains, 0, amount);
    std::copy_n(pixel.begin(), 3, image.rgb.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return image;
}

std::string shown_sha256(StainChannel channel) {
  const Image image = section();
  std::vector<std::uint8_t> rgba;
  for (std::size_t i = 0; i < image.rgb.size(); i += 3) rgba.insert(rgba.end(), {image.rgb[i], image.rgb[i + 1], image.rgb[i + 2], 255});
  show_stain(rgba, channel, view_stains(image).stains);
  return sha256_hex(std::string(rgba.begin(), rgba.end()));
}

}  // namespace

TEST_CASE("A stain that takes one channel alone is shown by that channel alone") {
  const StainMatrix stains = {{1, 0, 0}, {0, 1, 0}};
  CHECK(shown({51, 102, 204, 255}, StainChannel::haematoxylin, stains) == Pixel{51, 255, 255, 255});
  CHECK(shown({51, 102, 204, 255}, StainChannel::eosin, stains) == Pixel{255, 102, 255, 255});
}

TEST_CASE("Of a pixel of both stains each channel shows its own amount in its own colour") {
  const StainMatrix stains = ruifrok_stains();
  const Pixel both = stained(stains, 0.5, 0.3);
  for (const auto& [channel, alone] :
       {std::pair{StainChannel::haematoxylin, stained(stains, 0.5, 0)}, std::pair{StainChannel::eosin, stained(stains, 0, 0.3)}}) {
    // Samples are whole numbers: half a step at 60 of 255 is 0.004 of density, or two steps at 200.
    for (std::size_t c = 0; c < 3; ++c) CHECK(static_cast<int>(shown(both, channel)[c]) == Approx(static_cast<int>(alone[c])).margin(2));
  }
}

TEST_CASE("Less than no stain is none, white stays white, and alpha stays") {
  const Pixel green = {60, 200, 60, 7};  // haematoxylin and eosin take green most
  CHECK(shown(green, StainChannel::eosin) == Pixel{255, 255, 255, 7});
  for (const StainChannel channel : {StainChannel::haematoxylin, StainChannel::eosin, StainChannel::optical_density}) {
    CHECK(shown({255, 255, 255, 255}, channel) == Pixel{255, 255, 255, 255});
  }
}

TEST_CASE("Optical density is grey in even steps, from white for none to black for one") {
  CHECK(shown({51, 51, 51, 255}, StainChannel::optical_density) == Pixel{77, 77, 77, 255});       // 255 (1 - log10 5)
  CHECK(shown({51, 255, 255, 255}, StainChannel::optical_density) == Pixel{196, 196, 196, 255});  // a third of that density
  CHECK(shown({20, 20, 20, 255}, StainChannel::optical_density) == Pixel{0, 0, 0, 255});
}

TEST_CASE("An image is shown by its own stains, or by Ruifrok's where it cannot tell them") {
  const Image image = section();
  REQUIRE(view_stains(image).are_its_own);
  CHECK(view_stains(image).stains.eosin == estimate_stains(image)->stains.eosin);
  Image glass = make_image(40, 30);
  std::fill(glass.rgb.begin(), glass.rgb.end(), std::uint8_t{250});
  CHECK_FALSE(view_stains(glass).are_its_own);
  CHECK(view_stains(glass).stains.haematoxylin == ruifrok_stains().haematoxylin);
}

TEST_CASE("Stains that are parallel, and pixels that are not whole, are our own mistake") {
  const StainVector pink = ruifrok_stains().eosin;
  CHECK_THROWS_AS(shown({1, 2, 3, 4}, StainChannel::eosin, {pink, pink}), std::logic_error);
  std::array<std::uint8_t, 3> part{};
  CHECK_THROWS_AS(show_stain(part, StainChannel::optical_density, ruifrok_stains()), std::logic_error);
}

TEST_CASE("shown stains have the same bits in every build") {
  // Hashes of the native build; this test runs as WebAssembly, too.
  CHECK(shown_sha256(StainChannel::haematoxylin) == "4f21d559eb3e7c91c73d8b00d17b20aaa6bf5b94ca3854ff8a97e8765befcc97");
  CHECK(shown_sha256(StainChannel::eosin) == "ad60e1c67508ae55181a6deae5aaad575fd3a827c8141f9f8941601f9be275f2");
  CHECK(shown_sha256(StainChannel::optical_density) == "cab6c714e8e64de1dae2eb8a30e4a46b68f354c3e957fa18c69a9c48f3f776a0");
}
