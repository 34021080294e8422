#include "lobule/portable_math.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <set>

#include "double_bits.h"

using namespace lobule;

namespace {

/// Doubles between two positive ones, both ends counted once.
std::int64_t ulps_between(double a, double b) { return std::abs(static_cast<std::int64_t>(bits_of(a)) - static_cast<std::int64_t>(bits_of(b))); }

/// Worst distance over many values. Two correct-to-one-ulp functions may stand on neighbouring doubles around the exact value.
constexpr std::int64_t kOneUlp = 1;

}  // namespace

TEST_CASE("portable_exp stays within one unit in the last place of the C library's") {
  SplitMix64 random(11);
  std::int64_t worst = 0;
  for (int i = 0; i < 300000; ++i) {
    const double reach = i % 3 == 0 ? 745.0 : i % 3 == 1 ? 40.0 : 1.0;
    const double x = (2 * random.uniform() - 1) * reach;
    worst = std::max(worst, ulps_between(portable_exp(x), std::exp(x)));
  }
  CHECK(worst <= kOneUlp);
}

TEST_CASE("portable_log stays within one unit in the last place of the C library's") {
  SplitMix64 random(12);
  std::int64_t worst = 0;
  for (int i = 0; i < 300000; ++i) {
    double x = i % 2 == 0 ? double_of(random.next() >> 1) : 2 * random.uniform();
    if (!std::isfinite(x) || x == 0) x = 3;
    const double ours = portable_log(x);
    const double theirs = std::log(x);
    CHECK((ours < 0) == (theirs < 0));
    worst = std::max(worst, ulps_between(std::abs(ours), std::abs(theirs)));
  }
  CHECK(worst <= kOneUlp);
}

// Bits written down once from this implementation: exp(1) is one unit above the nearest double, and must be so everywhere.
TEST_CASE("exp and log give the same bits on every machine") {
  CHECK(bits_of(portable_exp(1.0)) == 0x4005bf0a8b14576aU);
  CHECK(bits_of(portable_exp(-0.1)) == 0x3fecf46d99d52b3aU);
  CHECK(bits_of(portable_log(2.0)) == 0x3fe62e42fefa39efU);
  CHECK(bits_of(portable_log(0.1)) == 0xc0026bb1bbb55515U);
}

TEST_CASE("exp and log hold at the ends of the range") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(portable_exp(0.0) == 1.0);
  CHECK(portable_exp(-0.0) == 1.0);
  CHECK(portable_exp(710.0) == infinity);
  CHECK(portable_exp(infinity) == infinity);
  CHECK(portable_exp(-infinity) == 0.0);
  CHECK(portable_exp(-746.0) == 0.0);
  CHECK(portable_exp(-745.13) == std::numeric_limits<double>::denorm_min());
  CHECK(std::isfinite(portable_exp(709.78)));
  CHECK(std::isnan(portable_exp(std::nan(""))));
  CHECK(portable_log(1.0) == 0.0);
  CHECK(portable_log(0.0) == -infinity);
  CHECK(portable_log(-0.0) == -infinity);
  CHECK(portable_log(infinity) == infinity);
  CHECK(std::isnan(portable_log(-1.0)));
  CHECK(std::isnan(portable_log(std::nan(""))));
  CHECK(portable_log(std::numeric_limits<double>::denorm_min()) == Approx(-744.4400719213812).epsilon(1e-15));
}

TEST_CASE("softmax sums to one and survives logits that exp alone would not") {
  const std::vector<double> p = softmax(std::vector<double>{1000, 999, -1000});
  CHECK(p[0] + p[1] + p[2] == Approx(1).epsilon(1e-15));
  CHECK(p[0] == Approx(0.7310585786300049).epsilon(1e-15));
  CHECK(p[2] == 0);
  CHECK(softmax(std::vector<double>{-3})[0] == 1);
  CHECK_THROWS_AS(softmax(std::vector<double>{}), std::logic_error);
}

TEST_CASE("SplitMix64 is the published stream") {
  SplitMix64 random(1234567);  // values of Vigna's splitmix64.c
  CHECK(random.next() == 6457827717110365317U);
  CHECK(random.next() == 3203168211198807973U);
  CHECK(random.next() == 9817491932198370423U);
}

TEST_CASE("Random integers stay below their bound and favour none") {
  SplitMix64 random(5);
  constexpr std::uint32_t kBound = 3;
  constexpr int kDraws = 90000;
  int counts[kBound] = {};
  for (int i = 0; i < kDraws; ++i) {
    const std::uint32_t value = random.below(kBound);
    REQUIRE(value < kBound);
    ++counts[value];
  }
  for (const int count : counts) CHECK(std::abs(count - kDraws / 3) < 5 * 142);  // five standard deviations of a binomial
  CHECK(random.below(1) == 0);
  CHECK_THROWS_AS(random.below(0), std::logic_error);
}

TEST_CASE("Uniform numbers lie in [0, 1)") {
  SplitMix64 random(6);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = random.uniform();
    REQUIRE((value >= 0 && value < 1));
    sum += value;
  }
  CHECK(sum / 10000 == Approx(0.5).margin(0.0145));  // five standard errors
}

TEST_CASE("Mixed seeds differ for every key and for their order") {
  std::set<std::uint64_t> seeds;
  for (std::uint64_t a = 0; a < 12; ++a) {
    for (std::uint64_t b = 0; b < 12; ++b) {
      for (std::uint64_t c = 0; c < 12; ++c) seeds.insert(mix_seed(a, b, c));
    }
  }
  CHECK(seeds.size() == 12U * 12U * 12U);
  CHECK(mix_seed(1, 2) == mix_seed(1, 2, 0));
}
