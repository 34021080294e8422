#include "safetensors.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <vector>

namespace lobule {
namespace {

using Json = nlohmann::json;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are stored little-endian and copied as they lie");

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the reference implementation's limit
constexpr std::size_t kMaxDims = 8;

struct Type {
  const char* name;
  torch::ScalarType scalar;
  std::uint64_t bytes;
};
constexpr Type kTypes[] = {{"F32", torch::kFloat32, 4}, {"I64", torch::kInt64, 8}};

/// Where a tensor lies: [begin, end) in the data after the header.
struct Entry {
  std::string name;
  const Type* type = nullptr;
  std::vector<std::int64_t> dims;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

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

Entry parse_entry(const std::string& name, const Json& json, std::uint64_t data_bytes) {
  Entry entry;
  entry.name = name;
  const std::string type = json.at("dtype").get<std::string>();
  entry.type = find_type(type);
  if (entry.type == nullptr) throw std::runtime_error("its type " + type + " is neither F32 nor I64");
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
  if (byte_count(entry.dims, entry.type->bytes) != entry.end - entry.begin) {
    throw std::runtime_error("its data does not have the size that its shape says");
  }
  return entry;
}

void check_coverage(std::vector<Entry> entries, std::uint64_t data_bytes) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end != b.end ? a.end < b.end : a.name < b.name;
  });
  std::uint64_t covered = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != covered) throw std::runtime_error("tensor " + entry.name + " overlaps another or leaves a gap");
    covered = entry.end;
  }
  if (covered != data_bytes) throw std::runtime_error("it holds data that no tensor names");
}

}  // namespace

std::string serialize_safetensors(const SafeTensors& contents) {
  Json header = Json::object();
  if (!contents.metadata.empty()) header["__metadata__"] = contents.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : contents.tensors) {
    const auto type = std::find_if(std::begin(kTypes), std::end(kTypes), [&tensor](const Type& t) { return t.scalar == tensor.scalar_type(); });
    if (type == std::end(kTypes) || !tensor.is_contiguous()) {
      throw std::logic_error("tensor " + name + " is not contiguous float32 or int64");
    }
    header[name] = {{"dtype", type->name}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, offset + tensor.nbytes()}}};
    offset += tensor.nbytes();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the data starts aligned
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  bytes.reserve(kLengthBytes + text.size() + offset);
  bytes += text;
  for (const auto& [name, tensor] : contents.tensors) {
    bytes.append(static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes());
  }
  return bytes;
}

SafeTensors parse_safetensors(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) throw std::runtime_error("not a safetensors file: too short");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kMaxHeaderBytes || length > bytes.size() - kLengthBytes) {
    throw std::runtime_error("not a safetensors file, or cut short: its header would reach beyond its end");
  }
  const Json header = Json::parse(bytes.substr(kLengthBytes, length), nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) throw std::runtime_error("not a safetensors file: its header is not a JSON object");
  const std::string_view data = bytes.substr(kLengthBytes + length);

  SafeTensors contents;
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.items()) {
    try {
      if (name == "__metadata__") {
        contents.metadata = json.get<std::map<std::string, std::string>>();
      } else {
        entries.push_back(parse_entry(name, json, data.size()));
      }
    } catch (const std::exception& error) {
      throw std::runtime_error((name == "__metadata__" ? name : "tensor " + name) + ": " + error.what());
    }
  }
  check_coverage(entries, data.size());
  for (const Entry& entry : entries) {
    torch::Tensor tensor = torch::empty(entry.dims, torch::dtype(entry.type->scalar));
    if (entry.end > entry.begin) std::memcpy(tensor.mutable_data_ptr(), data.data() + entry.begin, entry.end - entry.begin);
    contents.tensors.emplace(entry.name, std::move(tensor));
  }
  return contents;
}

}  // namespace lobule
