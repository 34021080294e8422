#include "safetensors.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <stdexcept>

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

std::string file_of(const std::string& header, const std::string& data) {
  std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

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
  contents.tensors["x"] = torch::zeros({1}, torch::kFloat64);
  CHECK_THROWS_AS(serialize_safetensors(contents), std::logic_error);
}

TEST_CASE("A safetensors file cut anywhere is refused") {
  const std::string bytes = serialize_safetensors(small_contents());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    CHECK_THROWS_AS(parse_safetensors(std::string_view(bytes).substr(0, size)), std::runtime_error);
  }
}

TEST_CASE("A hostile safetensors header is refused with its cause before memory is asked for") {
  const auto refusal = [](const std::string& header, const std::string& data) {
    try {
      parse_safetensors(file_of(header, data));
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const std::string four(4, '\0');
  CHECK_THAT(refusal("[1]", ""), Contains("not a JSON object"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})", std::string(8, '\0')), Contains("tensor x") && Contains("F64"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", four), Contains("whole number"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", four), Contains("whole number"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}})", four), Contains("size that its shape says"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1073741824,1073741824,1073741824],"data_offsets":[0,4]}})", four), Contains("size that its shape says"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", four), Contains("outside"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", four), Contains("outside"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","data_offsets":[0,4]}})", four), Contains("tensor x"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", four),
             Contains("overlaps"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", four + four), Contains("gap"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", four + four), Contains("no tensor names"));
  CHECK_THAT(refusal(R"({"__metadata__":{"epoch":7}})", ""), Contains("__metadata__"));
  CHECK(refusal(R"({"x":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", four) == "accepted");
}

TEST_CASE("A header length beyond the end of the file is refused") {
  const std::string deep = R"({"a":)" + std::string(100, '[') + std::string(100, ']') + "}";
  CHECK_THROWS_WITH(parse_safetensors(file_of(deep, "")), Contains("nested too deeply"));
  CHECK_THROWS_WITH(parse_safetensors(std::string("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10)), Contains("beyond its end"));
}
