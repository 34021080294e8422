#include "event_file.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <protozero/pbf_reader.hpp>

#include "temporary_folder.h"

using namespace lobule;

TEST_CASE("CRC-32C gives the values of RFC 3720") {
  // Appendix B.4 of the RFC: 32 bytes of zeros, of ones, and ascending.
  std::string ascending;
  for (int i = 0; i < 32; ++i) ascending.push_back(static_cast<char>(i));
  CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AA);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62A8AB43);
  CHECK(crc32c(ascending) == 0x46DD794E);
  CHECK(crc32c("123456789") == 0xE3069283);
}

TEST_CASE("A TFRecord is length, its masked CRC, data, and their masked CRC") {
  // What TensorFlow's RecordWriter writes for b"abc".
  const std::string record = tfrecord("abc");
  REQUIRE(record.size() == 8 + 4 + 3 + 4);
  CHECK(record.substr(0, 8) == std::string("\x03\0\0\0\0\0\0\0", 8));
  CHECK(record.substr(12, 3) == "abc");
  const std::uint32_t crc = crc32c("abc");
  const std::uint32_t masked = ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
  std::uint32_t stored = 0;
  for (int i = 3; i >= 0; --i) stored = stored << 8 | static_cast<std::uint8_t>(record[15 + static_cast<std::size_t>(i)]);
  CHECK(stored == masked);
}

TEST_CASE("A scalar event holds time, step, and each value under its tag") {
  const std::string bytes = scalar_event(12.5, 3, {{"loss", 0.25}, {"auc", 0.5}});
  protozero::pbf_reader event(bytes);
  REQUIRE(event.next(1));
  CHECK(event.get_double() == 12.5);
  REQUIRE(event.next(2));
  CHECK(event.get_int64() == 3);
  REQUIRE(event.next(5));
  protozero::pbf_reader summary = event.get_message();
  std::vector<std::pair<std::string, float>> values;
  while (summary.next(1)) {
    protozero::pbf_reader value = summary.get_message();
    REQUIRE(value.next(1));
    const std::string tag = value.get_string();
    REQUIRE(value.next(2));
    values.emplace_back(tag, value.get_float());
  }
  CHECK(values == std::vector<std::pair<std::string, float>>{{"loss", 0.25F}, {"auc", 0.5F}});
}

TEST_CASE("A second event file in a folder gets a name of its own that sorts behind the first") {
  const TemporaryFolder folder;
  { EventFile(folder.path(), 1).write(1, {{"loss", 1.0}}); }
  { EventFile(folder.path(), 2).write(2, {{"loss", 0.5}}); }
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) names.push_back(entry.path().filename().string());
  REQUIRE(names.size() == 2);
  CHECK(names[0] != names[1]);
}
