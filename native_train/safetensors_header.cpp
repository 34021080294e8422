#include "safetensors_header.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

namespace lobule {
namespace {

using Json = nlohmann::json;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the length is copied as it lies");

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 16'000'000;  // a sixth of the reference implementation's limit, and a hundred times a large network's header
constexpr std::size_t kMaxDims = 8;
constexpr int kMaxNesting = 3;  // header, tensor, shape

struct Type {
  const char* name;
  SafeTensorsType type;
  std::uint64_t bytes;
};
constexpr Type kTypes[] = {{"F32", SafeTensorsType::float32, 4}, {"F64", SafeTensorsType::float64, 8}, {"I64", SafeTensorsType::int64, 8}};

const Type* find_type(const std::string& name) {
  for (const Type& type : kTypes) {
    if (name == type.name) return &type;
  }
  return nullptr;
}

std::optional<std::uint64_t> byte_count(const std::vector<std::int64_t>& dims, std::uint64_t element_bytes) {
  std::uint64_t count = element_bytes;
  for (const std::int64_t dim : dims) {
    if (dim < 0 || __builtin_mul_overflow(count, static_cast<std::uint64_t>(dim), &count)) return std::nullopt;
  }
  return count;
}

std::uint64_t unsigned_number(const Json& json) {
  if (!json.is_number_unsigned()) throw std::runtime_error("a size or offset is not a whole number");
  return json.get<std::uint64_t>();
}

SafeTensorsEntry parse_entry(const std::string& name, const Json& json, std::uint64_t data_bytes) {
  SafeTensorsEntry entry;
  entry.name = name;
  const std::string type = json.at("dtype").get<std::string>();
  const Type* known = find_type(type);
  if (known == nullptr) throw std::runtime_error("its type " + type + " is none of F32, F64 and I64");
  entry.type = known->type;
  const Json& shape = json.at("shape");
  if (!shape.is_array() || shape.size() > kMaxDims) throw std::runtime_error("its shape is not a list of sizes");
  for (const Json& size : shape) {
    const std::uint64_t dim = unsigned_number(size);
    if (dim > static_cast<std::uint64_t>(INT64_MAX)) throw std::runtime_error("its shape is too large");
    entry.dims.push_back(static_cast<std::int64_t>(dim));
  }
  const Json& offsets = json.at("data_offsets");
  if (!offsets.is_array() || offsets.size() != 2) throw std::runtime_error("data_offsets are not two numbers");
  entry.begin = unsigned_number(offsets[0]);
  entry.end = unsigned_number(offsets[1]);
  if (entry.begin > entry.end || entry.end > data_bytes) throw std::runtime_error("its data lies outside the file");
  if (byte_count(entry.dims, known->bytes) != entry.end - entry.begin) {
    throw std::runtime_error("its data does not have the size that its shape says");
  }
  return entry;
}

void check_coverage(std::vector<SafeTensorsEntry> entries, std::uint64_t data_bytes) {
  std::sort(entries.begin(), entries.end(), [](const SafeTensorsEntry& a, const SafeTensorsEntry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end != b.end ? a.end < b.end : a.name < b.name;
  });
  std::uint64_t covered = 0;
  for (const SafeTensorsEntry& entry : entries) {
    if (entry.begin != covered) throw std::runtime_error("tensor " + entry.name + " overlaps another or leaves a gap");
    covered = entry.end;
  }
  if (covered != data_bytes) throw std::runtime_error("it holds data that no tensor names");
}

/// The JSON with bounded nesting; not an object when it is none.
Json parse_bounded(std::string_view text) {
  const auto bounded = [](int depth, Json::parse_event_t, const Json&) {
    if (depth > kMaxNesting) throw std::runtime_error("not a safetensors file: its header is nested too deeply");
    return true;
  };
  return Json::parse(text, bounded, /*allow_exceptions=*/false);
}

}  // namespace

std::string serialize_safetensors_header(const SafeTensorsHeader& header) {
  Json json = Json::object();
  if (!header.metadata.empty()) json["__metadata__"] = header.metadata;
  for (const SafeTensorsEntry& entry : header.entries) {
    const auto type = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const Type& t) { return t.type == entry.type; });
    json[entry.name] = {{"dtype", type->name}, {"shape", entry.dims}, {"data_offsets", {entry.begin, entry.end}}};
  }
  std::string text = json.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  return bytes + text;
}

SafeTensorsHeader parse_safetensors_header(std::string_view bytes, std::string_view& data) {
  if (bytes.size() < kLengthBytes) throw std::runtime_error("not a safetensors file: too short");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kMaxHeaderBytes || length > bytes.size() - kLengthBytes) {
    throw std::runtime_error("not a safetensors file, or cut short: its header would reach beyond its end");
  }
  const Json json = parse_bounded(bytes.substr(kLengthBytes, length));
  if (!json.is_object()) throw std::runtime_error("not a safetensors file: its header is not a JSON object");
  data = bytes.substr(kLengthBytes + length);

  SafeTensorsHeader header;
  for (const auto& [name, value] : json.items()) {
    try {
      if (name == "__metadata__") {
        header.metadata = value.get<std::map<std::string, std::string>>();
      } else {
        header.entries.push_back(parse_entry(name, value, data.size()));
      }
    } catch (const std::exception& error) {
      throw std::runtime_error((name == "__metadata__" ? name : "tensor " + name) + ": " + error.what());
    }
  }
  check_coverage(header.entries, data.size());
  return header;
}

}  // namespace lobule
