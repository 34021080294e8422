#include "safetensors_header.h"

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

}  // namespace

TEST_CASE("A hostile safetensors header is refused with its cause before memory is asked for") {
  const auto refusal = [](const std::string& header, const std::string& data) {
    try {
      std::string_view values;
      parse_safetensors_header(file_of(header, data), values);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  const std::string four(4, '\0');
  CHECK_THAT(refusal("[1]", ""), Contains("not a JSON object"));
  CHECK_THAT(refusal(R"({"x":{"dtype":"F16","shape":[1],"data_offsets":[0,8]}})", std::string(8, '\0')), Contains("tensor x") && Contains("F16"));
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
  CHECK_THAT(refusal(R"({"x":)" + std::string(100, '[') + std::string(100, ']') + "}", ""), Contains("nested too deeply"));
  CHECK(refusal(R"({"x":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", four) == "accepted");
}

TEST_CASE("A header length beyond the end of the file is refused") {
  std::string_view values;
  CHECK_THROWS_WITH(parse_safetensors_header(std::string("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10), values), Contains("beyond its end"));
}
