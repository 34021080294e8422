// stb_image's vector code against its plain code: the kernels that this build chose must give the plain ones' bytes for any
// input, since other builds have the plain ones. Where a build has no vector code, the two are one.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <vector>

#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>

#include "lobule/portable_math.h"

using lobule::SplitMix64;

namespace {

struct alignas(16) Block {
  std::array<short, 64> coefficients{};
};
using Samples = std::array<stbi_uc, 64>;

stbi__jpeg chosen_kernels() {
  stbi__jpeg kernels{};
  stbi__setup_jpeg(&kernels);
  return kernels;
}

int draw(SplitMix64& random, int low, int high) { return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1))); }

/// Number of blocks whose samples differ. draw_coefficient(random, index in the block)
template <typename Draw>
int differing_blocks(int blocks, const Draw& draw_coefficient) {
  const stbi__jpeg kernels = chosen_kernels();
  SplitMix64 random(7);
  int differing = 0;
  for (int i = 0; i < blocks; ++i) {
    Block block;
    for (int k = 0; k < 64; ++k) block.coefficients[static_cast<std::size_t>(k)] = static_cast<short>(draw_coefficient(random, k));
    Block copy = block;
    Samples chosen{};
    Samples plain{};
    kernels.idct_block_kernel(chosen.data(), 8, block.coefficients.data());
    stbi__idct_block(plain.data(), 8, copy.coefficients.data());
    if (chosen != plain) ++differing;
  }
  return differing;
}

}  // namespace

TEST_CASE("the inverse DCT's vector code gives the plain code's samples for coefficients of every size") {
  for (int largest = 1; largest <= 32767; largest = largest * 5 / 4 + 1) {
    INFO("up to " << largest);
    CHECK(differing_blocks(5000, [&](SplitMix64& random, int) { return draw(random, -largest, largest); }) == 0);
  }
}

TEST_CASE("the inverse DCT's vector code gives the plain code's samples for a few extreme coefficients") {
  for (const int share : {2, 4, 8, 16, 32}) {
    CHECK(differing_blocks(50000, [&](SplitMix64& random, int) {
            if (draw(random, 1, share) > 1) return 0;
            return draw(random, 0, 1) == 0 ? draw(random, -32768, 32767) : draw(random, 0, 1) * 65535 - 32768;
          }) == 0);
  }
}

TEST_CASE("the inverse DCT's vector code gives the plain code's samples where its sums are about to leave 16 bits") {
  // One row of coefficients about the limit of 2900. Those of the second row weigh most, and the second pass adds them in pairs.
  for (int row = 0; row < 8; ++row) {
    CHECK(differing_blocks(20000, [row](SplitMix64& random, int k) { return k / 8 == row ? (2 * draw(random, 0, 1) - 1) * draw(random, 2700, 3100) : 0; }) ==
          0);
  }
}

TEST_CASE("colours converted by vector code are the plain code's, for every colour") {
  const stbi__jpeg kernels = chosen_kernels();
  constexpr int kCount = 256;  // pixels in a row: every brightness
  std::vector<stbi_uc> luma(kCount);
  for (int i = 0; i < kCount; ++i) luma[static_cast<std::size_t>(i)] = static_cast<stbi_uc>(i);
  int differing = 0;
  for (int color = 0; color < 65536; ++color) {
    const std::vector<stbi_uc> blue(kCount, static_cast<stbi_uc>(color & 255));
    const std::vector<stbi_uc> red(kCount, static_cast<stbi_uc>(color >> 8));
    for (const int bytes : {3, 4}) {
      std::vector<stbi_uc> chosen(static_cast<std::size_t>(bytes) * kCount + 1);
      std::vector<stbi_uc> plain = chosen;
      kernels.YCbCr_to_RGB_kernel(chosen.data(), luma.data(), blue.data(), red.data(), kCount, bytes);
      stbi__YCbCr_to_RGB_row(plain.data(), luma.data(), blue.data(), red.data(), kCount, bytes);
      if (chosen != plain) ++differing;
    }
  }
  CHECK(differing == 0);
}

TEST_CASE("rows of every length are converted and enlarged by vector code without a byte too many") {
  const stbi__jpeg kernels = chosen_kernels();
  SplitMix64 random(3);
  for (int count = 1; count <= 70; ++count) {
    std::array<std::vector<stbi_uc>, 3> rows;
    for (auto& row : rows) {
      for (int i = 0; i < count; ++i) row.push_back(static_cast<stbi_uc>(draw(random, 0, 255)));
    }
    // The plain conversion writes a fourth byte behind the last pixel, and so may the other.
    std::vector<stbi_uc> chosen(static_cast<std::size_t>(3 * count) + 9, 7);
    std::vector<stbi_uc> plain = chosen;
    kernels.YCbCr_to_RGB_kernel(chosen.data(), rows[0].data(), rows[1].data(), rows[2].data(), count, 3);
    stbi__YCbCr_to_RGB_row(plain.data(), rows[0].data(), rows[1].data(), rows[2].data(), count, 3);
    CHECK(chosen == plain);

    std::vector<stbi_uc> wide(static_cast<std::size_t>(2 * count) + 8, 7);
    std::vector<stbi_uc> plain_wide = wide;
    kernels.resample_row_hv_2_kernel(wide.data(), rows[0].data(), rows[1].data(), count, 2);
    stbi__resample_row_hv_2(plain_wide.data(), rows[0].data(), rows[1].data(), count, 2);
    CHECK(wide == plain_wide);
  }
}
