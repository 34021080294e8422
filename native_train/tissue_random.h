#pragma once

#include "lobule/portable_math.h"

namespace lobule {

/// Draws for the tissue painter, from + - * / alone, so that a seed means the same picture on every machine.
inline double uniform_between(SplitMix64& random, double low, double high) { return low + (high - low) * random.uniform(); }

/// Mean 0, variance 1, within +-6: the sum of twelve uniforms (Irwin-Hall), which needs no log or cos.
inline double standard_normal(SplitMix64& random) {
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

inline bool happens(SplitMix64& random, double probability) { return random.uniform() < probability; }

/// From 0 at low to 1 at high, smooth at both ends.
inline double smooth_step(double low, double high, double x) {
  double t = (x - low) / (high - low);
  t = t < 0 ? 0 : t > 1 ? 1 : t;
  return t * t * (3 - 2 * t);
}

inline double mix(double a, double b, double t) { return a + (b - a) * t; }

}  // namespace lobule
