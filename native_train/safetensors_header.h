#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lobule {

enum class SafeTensorsType { float32, float64, int64 };

/// Where a tensor lies: bytes [begin, end) of the data behind the header.
struct SafeTensorsEntry {
  std::string name;
  SafeTensorsType type = SafeTensorsType::float32;
  std::vector<std::int64_t> dims;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// What stands in front of a safetensors file's data.
struct SafeTensorsHeader {
  std::vector<SafeTensorsEntry> entries;  // by name when read
  std::map<std::string, std::string> metadata;
};

/// Length and JSON of a header, padded so that the data starts at a multiple of 8.
std::string serialize_safetensors_header(const SafeTensorsHeader& header);

/// Reads the header of a whole file and sets `data` to what follows it. Every size is checked: each tensor has the bytes that its shape says, and together
/// they cover the data without gap or overlap. Throws std::runtime_error with the cause (naming the tensor), without a file name.
SafeTensorsHeader parse_safetensors_header(std::string_view bytes, std::string_view& data);

}  // namespace lobule
