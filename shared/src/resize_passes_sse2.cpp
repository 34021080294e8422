// The resize passes with SSE2, which every x86-64 has and Emscripten translates to WebAssembly's vector instructions.
//
// SSE2 multiplies 16 bits, a weight has 24. So each weight w is taken apart into high * 2^15 + low with 0 <= low < 2^15, and both sums over
// the taps are made by _mm_madd_epi16, two taps at once. The total is exact modulo 2^32, which is all that the plain code's sum is.
#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "resize_passes.h"
#include "resize_plain.h"

namespace lobule {
namespace {

constexpr int kLowBits = 15;

/// The two parts of the weights of two neighbouring taps; the second's are 0 where the number of taps is odd.
struct WeightPair {
  std::array<std::int16_t, 2> low;
  std::array<std::int16_t, 2> high;
};

std::vector<WeightPair> pair_up(const ResizeWeights& weights) {
  std::vector<WeightPair> pairs(weights.values.size() / 2);
  for (std::size_t i = 0; i < weights.values.size(); ++i) {
    pairs[i / 2].low[i % 2] = static_cast<std::int16_t>(weights.values[i] & ((1 << kLowBits) - 1));
    pairs[i / 2].high[i % 2] = static_cast<std::int16_t>(weights.values[i] >> kLowBits);
  }
  return pairs;
}

struct BroadcastPair {
  __m128i low;   // the two low parts, four times
  __m128i high;  // the two high parts, four times
};

BroadcastPair broadcast(const WeightPair& pair) {
  const __m128i both = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(&pair));
  return {_mm_shuffle_epi32(both, _MM_SHUFFLE(0, 0, 0, 0)), _mm_shuffle_epi32(both, _MM_SHUFFLE(1, 1, 1, 1))};
}

/// Four sums over taps.
struct Sums {
  __m128i low = _mm_setzero_si128();
  __m128i high = _mm_setzero_si128();

  /// samples: 16 bits each, those of two taps side by side.
  void add(__m128i samples, const BroadcastPair& weights) {
    low = _mm_add_epi32(low, _mm_madd_epi16(samples, weights.low));
    high = _mm_add_epi32(high, _mm_madd_epi16(samples, weights.high));
  }

  /// Rounded, 32 bits each, not yet clamped.
  __m128i rounded() const {
    const __m128i sum = _mm_add_epi32(_mm_add_epi32(low, _mm_slli_epi32(high, kLowBits)), _mm_set1_epi32(kHalf));
    return _mm_srai_epi32(sum, kWeightBits);
  }
};

/// Sixteen of them clamped to 8 bits.
__m128i to_samples(const std::array<Sums, 4>& sums) {
  return _mm_packus_epi16(_mm_packs_epi32(sums[0].rounded(), sums[1].rounded()), _mm_packs_epi32(sums[2].rounded(), sums[3].rounded()));
}

__m128i load_4(const std::uint8_t* bytes) {
  int value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return _mm_cvtsi32_si128(value);
}

constexpr std::size_t kBand = 4;  // rows that share the work of fetching weights
/// Bytes read behind a row: a pixel that has no weight, and one that fills up four bytes.
constexpr std::size_t kOverread = 4;

/// in, out: the rows' first pixels.
void resize_band(const std::array<const std::uint8_t*, kBand>& in, const ResizeWeights& weights, const std::vector<WeightPair>& pairs,
                 const std::array<std::uint8_t*, kBand>& out) {
  const std::size_t width = weights.first.size();
  const __m128i zero = _mm_setzero_si128();
  for (std::size_t x = 0; x < width; ++x) {
    const WeightPair* pair = pairs.data() + x * weights.stride / 2;
    const WeightPair* end = pair + (weights.taps[x] + 1) / 2;
    std::array<Sums, kBand> sums;  // R, G, B and one without meaning
    for (std::size_t offset = std::size_t{3} * static_cast<std::size_t>(weights.first[x]); pair < end; ++pair, offset += 6) {
      const BroadcastPair both = broadcast(*pair);
      for (std::size_t row = 0; row < kBand; ++row) {
        const __m128i pixels = _mm_unpacklo_epi8(load_4(in[row] + offset), load_4(in[row] + offset + 3));
        sums[row].add(_mm_unpacklo_epi8(pixels, zero), both);
      }
    }
    alignas(16) std::array<std::uint8_t, 4 * kBand> pixels;
    _mm_store_si128(reinterpret_cast<__m128i*>(pixels.data()), to_samples(sums));
    // Four bytes at once: the fourth is written again by the next pixel, and left out behind the last.
    for (std::size_t row = 0; row < kBand; ++row) std::memcpy(out[row] + 3 * x, pixels.data() + 4 * row, x + 1 < width ? 4 : 3);
  }
}

}  // namespace

Image resize_across(const Image& image, const ResizeWeights& weights, int first_row, int rows) {
  Image result = make_image(weights.outputs(), rows);
  const std::vector<WeightPair> pairs = pair_up(weights);
  const std::size_t in_stride = std::size_t{3} * static_cast<std::size_t>(image.width);
  const std::size_t out_stride = std::size_t{3} * static_cast<std::size_t>(result.width);
  const std::uint8_t* in = image.rgb.data() + static_cast<std::size_t>(first_row) * in_stride;
  const auto bytes = static_cast<std::size_t>(image.rgb.data() + image.rgb.size() - in);
  const auto count = static_cast<std::size_t>(rows);
  std::size_t row = 0;
  for (; row + kBand <= count && (row + kBand) * in_stride + kOverread <= bytes; row += kBand) {
    std::array<const std::uint8_t*, kBand> band_in;
    std::array<std::uint8_t*, kBand> band_out;
    for (std::size_t i = 0; i < kBand; ++i) {
      band_in[i] = in + (row + i) * in_stride;
      band_out[i] = result.rgb.data() + (row + i) * out_stride;
    }
    resize_band(band_in, weights, pairs, band_out);
  }
  for (; row < count; ++row) resize_row_across(in + row * in_stride, weights, result.rgb.data() + row * out_stride);
  return result;
}

Image resize_down(const Image& image, const ResizeWeights& weights, int first_row) {
  constexpr std::size_t kChunk = 16;  // samples
  Image result = make_image(image.width, weights.outputs());
  const std::vector<WeightPair> pairs = pair_up(weights);
  const std::size_t stride = std::size_t{3} * static_cast<std::size_t>(image.width);
  const __m128i zero = _mm_setzero_si128();
  for (int y = 0; y < result.height; ++y) {
    const std::uint8_t* in = image.rgb.data() + static_cast<std::size_t>(weights.first[static_cast<std::size_t>(y)] - first_row) * stride;
    std::uint8_t* out = result.rgb.data() + static_cast<std::size_t>(y) * stride;
    const int taps = weights.taps[static_cast<std::size_t>(y)];
    std::size_t begin = 0;
    for (; begin + kChunk <= stride; begin += kChunk) {
      const WeightPair* pair = pairs.data() + static_cast<std::size_t>(y) * weights.stride / 2;
      const std::uint8_t* row = in + begin;
      std::array<Sums, 4> sums;
      for (int tap = 0; tap < taps; tap += 2, ++pair, row += 2 * stride) {
        const BroadcastPair both = broadcast(*pair);
        const __m128i upper = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row));
        const __m128i lower = tap + 1 < taps ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + stride)) : zero;
        const __m128i left = _mm_unpacklo_epi8(upper, lower);
        const __m128i right = _mm_unpackhi_epi8(upper, lower);
        sums[0].add(_mm_unpacklo_epi8(left, zero), both);
        sums[1].add(_mm_unpackhi_epi8(left, zero), both);
        sums[2].add(_mm_unpacklo_epi8(right, zero), both);
        sums[3].add(_mm_unpackhi_epi8(right, zero), both);
      }
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + begin), to_samples(sums));
    }
    resize_row_down(in, stride, weights, y, begin, stride, out);
  }
  return result;
}

}  // namespace lobule
