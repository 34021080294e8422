#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lobule {

/// exp and log with one result on every machine: the C library's differ in the last bit between glibc and musl, and these reach
/// files that must be equal byte for byte. Polynomials after fdlibm (Sun, 1993), error below 1 ulp.
double portable_exp(double x);
double portable_log(double x);  // -inf at 0, NaN below

/// Numerically stable softmax in double. logits.size() >= 1.
std::vector<double> softmax(std::span<const double> logits);

/// SplitMix64 (Steele 2014): 64 random bits a call; the same stream everywhere.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  /// Uniform in [0, bound) without bias (Lemire 2019). bound > 0.
  std::uint32_t below(std::uint32_t bound);
  /// Uniform in [0, 1) with 53 bits.
  double uniform();

 private:
  std::uint64_t state_;
};

/// One seed out of several keys, e.g. (seed, epoch, index): order matters.
std::uint64_t mix_seed(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0);

}  // namespace lobule
