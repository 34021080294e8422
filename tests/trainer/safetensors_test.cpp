#include "safetensors.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <stdexcept>

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

SafeTensors small_contents() {
  SafeTensors contents;
  contents.tensors["weight"] = torch::arange(6, torch::kFloat32).reshape({2, 3});
  contents.tensors["count"] = torch::tensor({std::int64_t{1} << 40}, torch::kInt64);
  contents.tensors["nothing"] = torch::empty({0, 4}, torch::kFloat32);
  contents.metadata["epoch"] = "7";
  return contents;
}

}  // namespace

TEST_CASE("Tensors and texts written to safetensors come back the same") {
  const SafeTensors written = small_contents();
  const SafeTensors read = parse_safetensors(serialize_safetensors(written));
  CHECK(read.metadata == written.metadata);
  REQUIRE(read.tensors.size() == 3);
  for (const auto& [name, tensor] : written.tensors) {
    INFO(name);
    CHECK(read.tensors.at(name).scalar_type() == tensor.scalar_type());
    CHECK(torch::equal(read.tensors.at(name), tensor));
  }
}

TEST_CASE("The data of a safetensors file starts at a multiple of 8 bytes") {
  const std::string bytes = serialize_safetensors(small_contents());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  CHECK(length % 8 == 0);
  CHECK(bytes.size() == 8 + length + 6 * 4 + 8);
}

TEST_CASE("A tensor of a type that safetensors files of ours do not hold is our own mistake") {
  SafeTensors contents;
  contents.tensors["x"] = torch::zeros({1}, torch::kInt32);
  CHECK_THROWS_AS(serialize_safetensors(contents), std::logic_error);
}

TEST_CASE("A safetensors file cut anywhere is refused") {
  const std::string bytes = serialize_safetensors(small_contents());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    CHECK_THROWS_AS(parse_safetensors(std::string_view(bytes).substr(0, size)), std::runtime_error);
  }
}
