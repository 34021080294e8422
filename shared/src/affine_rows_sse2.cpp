// Bilinear sampling with SSE2, which every x86-64 has and Emscripten translates to WebAssembly's vector instructions.
//
// A weighted sum of two samples is at most 255 * 256: too large for a signed 16-bit number, so 2^15 is taken from it, and 2^15 * 256 is put back into the
// weighted sum of two of those. Nothing is rounded in between: the bytes are the plain code's.
#include <emmintrin.h>

#include <cstring>

#include "affine_rows.h"

namespace lobule {
namespace {

__m128i load_8(const std::uint8_t* bytes) { return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes)); }

/// Two 16-bit weights, the second's and what is left of 256, four times.
__m128i weight_pairs(int second) { return _mm_set1_epi32(second << 16 | (256 - second)); }

/// R0 R1 G0 G1 B0 B1 and two without meaning, 16 bits each, out of R0 G0 B0 R1 G1 B1.
__m128i beside_each_other(const std::uint8_t* pixels) {
  const __m128i both = load_8(pixels);
  return _mm_unpacklo_epi8(_mm_unpacklo_epi8(both, _mm_srli_epi64(both, 24)), _mm_setzero_si128());
}

/// One pixel, 32 bits a channel, the fourth without meaning.
__m128i sample(const std::uint8_t* upper, const std::uint8_t* lower, int right, int down) {
  const __m128i across = weight_pairs(right);
  const __m128i half = _mm_set1_epi32(1 << 15);
  const __m128i above = _mm_sub_epi32(_mm_madd_epi16(beside_each_other(upper), across), half);
  const __m128i below = _mm_sub_epi32(_mm_madd_epi16(beside_each_other(lower), across), half);
  const __m128i rows = _mm_packs_epi32(above, below);
  const __m128i sum = _mm_madd_epi16(_mm_unpacklo_epi16(rows, _mm_srli_si128(rows, 8)), weight_pairs(down));
  return _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32((1 << 23) + (1 << 15))), 16);
}

}  // namespace

void sample_inside(const std::uint8_t* rgb, std::ptrdiff_t stride, SourceWalk walk, int count, std::uint8_t* out) {
  const auto next = [&] {
    const std::uint8_t* upper = rgb + static_cast<std::ptrdiff_t>(walk.y >> kFractionBits) * stride + 3 * static_cast<std::ptrdiff_t>(walk.x >> kFractionBits);
    const __m128i pixel = sample(upper, upper + stride, weight_of(walk.x), weight_of(walk.y));
    walk.x += walk.step_x;
    walk.y += walk.step_y;
    return pixel;
  };
  // Four bytes at once: the fourth is written again by the next pixel, and left out behind the last.
  alignas(16) std::uint8_t pixels[16];
  for (; count > 4; count -= 4, out += 12) {
    const __m128i first = next();
    const __m128i second = next();
    const __m128i third = next();
    const __m128i fourth = next();
    _mm_store_si128(reinterpret_cast<__m128i*>(pixels), _mm_packus_epi16(_mm_packs_epi32(first, second), _mm_packs_epi32(third, fourth)));
    for (int i = 0; i < 4; ++i) std::memcpy(out + 3 * i, pixels + 4 * i, 4);
  }
  for (; count > 0; --count, out += 3) {
    const __m128i pixel = _mm_packs_epi32(next(), _mm_setzero_si128());
    const int bytes = _mm_cvtsi128_si32(_mm_packus_epi16(pixel, pixel));
    std::memcpy(out, &bytes, 3);
  }
}

}  // namespace lobule
