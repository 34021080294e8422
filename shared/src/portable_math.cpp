#include "lobule/portable_math.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "double_bits.h"

namespace lobule {
namespace {

constexpr double kLn2High = 0x1.62e42feep-1;             // ln 2 with 32 trailing zero bits: k * kLn2High is exact
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;        // ln 2 - kLn2High
constexpr double kOverLn2 = 0x1.71547652b82fep+0;        // 1 / ln 2
constexpr double kExpOverflow = 0x1.62e42fefa39efp+9;    // largest x whose exp is finite
constexpr double kExpUnderflow = -0x1.74910d52d3051p+9;  // below it exp rounds to 0

/// 2^exponent for the exponents of normal numbers, [-1022, 1023].
double power_of_two(int exponent) { return double_of(static_cast<std::uint64_t>(exponent + 1023) << 52); }

/// value * 2^exponent with one rounding; value lies in [0.5, 2), exponent in [-1075, 1024].
double scale(double value, int exponent) {
  if (exponent == 1024) return value * 2.0 * power_of_two(1023);
  if (exponent >= -1021) return value * power_of_two(exponent);
  return value * power_of_two(exponent + 54) * 0x1p-54;  // the first product is normal and exact
}

}  // namespace

// fdlibm e_exp.c: x = k ln 2 + r with |r| <= ln 2 / 2, exp(r) by a Remez polynomial in r^2, then 2^k.
double portable_exp(double x) {
  if (x != x) return x;
  if (x > kExpOverflow) return std::numeric_limits<double>::infinity();
  if (x < kExpUnderflow) return 0;
  const double magnitude = x < 0 ? -x : x;
  if (magnitude < 0x1p-28) return 1 + x;
  int k = 0;
  double high = x;
  double low = 0;
  if (magnitude > 0.5 * 0x1.62e42fefa39efp-1) {
    k = static_cast<int>(kOverLn2 * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * kLn2High;
    low = k * kLn2Low;
  }
  const double r = high - low;
  const double rr = r * r;
  const double c = r - rr * (0x1.555555555553ep-3 +
                             rr * (-0x1.6c16c16bebd93p-9 + rr * (0x1.1566aaf25de2cp-14 + rr * (-0x1.bbd41c5d26bf1p-20 + rr * 0x1.6376972bea4d0p-25))));
  return scale(1 + (r * c / (2 - c) - low + high), k);
}

// fdlibm e_log.c: x = 2^k m with m in [sqrt(1/2), sqrt(2)), log(m) by a Remez polynomial in s = f / (2 + f), f = m - 1.
double portable_log(double x) {
  if (x == 0) return -std::numeric_limits<double>::infinity();
  if (!(x > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (x == std::numeric_limits<double>::infinity()) return x;
  int k = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    k = -54;
  }
  const std::uint64_t bits = bits_of(x);
  constexpr std::uint32_t kSqrtHalfHigh = 0x3fe6a09e;  // high word of sqrt(1/2)
  const std::uint32_t shifted = static_cast<std::uint32_t>(bits >> 32) + (0x3ff00000U - kSqrtHalfHigh);
  k += static_cast<int>(shifted >> 20) - 0x3ff;
  const std::uint64_t mantissa_high = (shifted & 0x000fffffU) + kSqrtHalfHigh;
  const double f = double_of(mantissa_high << 32 | (bits & 0xffffffffU)) - 1.0;
  const double half_square = 0.5 * f * f;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double w = z * z;
  const double even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
  const double odd = z * (0x1.5555555555593p-1 + w * (0x1.2492494229359p-2 + w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
  return s * (half_square + (odd + even)) + k * kLn2Low - half_square + f + k * kLn2High;
}

std::vector<double> softmax(std::span<const double> logits) {
  if (logits.empty()) throw std::logic_error("softmax of no logits");
  const double largest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> result;
  result.reserve(logits.size());
  double sum = 0;
  for (const double logit : logits) {
    result.push_back(portable_exp(logit - largest));
    sum += result.back();
  }
  for (double& value : result) value /= sum;
  return result;
}

std::uint64_t SplitMix64::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

std::uint32_t SplitMix64::below(std::uint32_t bound) {
  if (bound == 0) throw std::logic_error("a random number below 0 was asked for");
  std::uint64_t product = (next() >> 32) * bound;
  if (static_cast<std::uint32_t>(product) < bound) {
    const std::uint32_t uneven = (0U - bound) % bound;  // 2^32 mod bound: products this low would favour some results
    while (static_cast<std::uint32_t>(product) < uneven) product = (next() >> 32) * bound;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double SplitMix64::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

std::uint64_t mix_seed(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  const std::uint64_t ab = SplitMix64(SplitMix64(a).next() ^ b).next();
  return SplitMix64(ab ^ c).next();
}

}  // namespace lobule
