#include "address_range.h"

#include <catch2/catch.hpp>
#include <iterator>
#include <map>
#include <stdexcept>

#include "lobule/portable_math.h"

using namespace lobule;

namespace {

constexpr std::size_t kLimit = 1 << 20;

}  // namespace

TEST_CASE("Parts of an address range lie side by side") {
  AddressRange range;
  CHECK(range.take(10, kLimit) == 0u);
  CHECK(range.take(5, kLimit) == 10u);
  CHECK(range.end() == 15);
}

TEST_CASE("An address range gives out again what came back") {
  AddressRange range;
  const std::size_t first = range.take(10, kLimit).value();
  range.take(1, kLimit);
  range.give_back(first);
  CHECK(range.take(10, kLimit) == first);
  CHECK(range.end() == 11);
}

TEST_CASE("The smallest free part that is large enough is taken") {
  AddressRange range;
  const std::size_t large = range.take(20, kLimit).value();
  range.take(1, kLimit);
  const std::size_t small = range.take(10, kLimit).value();
  range.take(1, kLimit);
  range.give_back(large);
  range.give_back(small);
  CHECK(range.take(9, kLimit) == small);
}

TEST_CASE("Free neighbours are one part, whichever came back first") {
  for (const bool forwards : {true, false}) {
    AddressRange range;
    const std::size_t first = range.take(10, kLimit).value();
    const std::size_t second = range.take(10, kLimit).value();
    const std::size_t third = range.take(10, kLimit).value();
    range.take(1, kLimit);
    range.give_back(forwards ? first : third);
    range.give_back(forwards ? third : first);
    range.give_back(second);
    CHECK(range.take(30, kLimit) == 0u);
  }
}

TEST_CASE("An address range that grows begins with what is free at its end") {
  AddressRange range;
  range.take(10, kLimit);
  range.give_back(range.take(10, kLimit).value());
  CHECK(range.take(15, kLimit) == 10u);
  CHECK(range.end() == 25);
}

TEST_CASE("An address range stays within its limit, and as it was when asked for more") {
  AddressRange range;
  range.take(10, 20);
  range.give_back(range.take(5, 20).value());
  CHECK_FALSE(range.take(11, 20));
  CHECK_FALSE(range.take(static_cast<std::size_t>(-1), 20));
  CHECK(range.end() == 15);
  CHECK(range.take(10, 20) == 10u);
}

TEST_CASE("Only the beginning of a part in use can be given back") {
  AddressRange range;
  const std::size_t part = range.take(10, kLimit).value();
  CHECK_THROWS_AS(range.give_back(part + 1), std::logic_error);
  range.give_back(part);
  CHECK_THROWS_AS(range.give_back(part), std::logic_error);
  CHECK_THROWS_AS(range.take(0, kLimit), std::logic_error);
}

TEST_CASE("Parts in use never overlap, and all of a range comes back") {
  AddressRange range;
  SplitMix64 random(1);
  std::map<std::size_t, std::size_t> used;  // offset -> bytes
  for (int i = 0; i < 20000; ++i) {
    if (!used.empty() && random.below(2) == 0) {
      const auto part = std::next(used.begin(), random.below(static_cast<std::uint32_t>(used.size())));
      range.give_back(part->first);
      used.erase(part);
    } else {
      const std::size_t bytes = 1 + random.below(100);
      const std::size_t offset = range.take(bytes, kLimit).value();
      const auto [part, is_new] = used.emplace(offset, bytes);
      REQUIRE(is_new);
      REQUIRE((part == used.begin() || std::prev(part)->first + std::prev(part)->second <= offset));
      REQUIRE((std::next(part) == used.end() || offset + bytes <= std::next(part)->first));
      REQUIRE(offset + bytes <= range.end());
    }
  }
  for (const auto& part : used) range.give_back(part.first);
  CHECK(range.take(range.end(), kLimit) == 0u);
}
