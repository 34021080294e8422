#include "safetensors.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "safetensors_header.h"

namespace lobule {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are stored little-endian and copied as they lie");

struct TypePair {
  SafeTensorsType stored;
  torch::ScalarType tensor;
};
constexpr TypePair kTypes[] = {
    {SafeTensorsType::float32, torch::kFloat32}, {SafeTensorsType::float64, torch::kFloat64}, {SafeTensorsType::int64, torch::kInt64}};

torch::ScalarType scalar_type(SafeTensorsType stored) {
  for (const TypePair& type : kTypes) {
    if (type.stored == stored) return type.tensor;
  }
  throw std::logic_error("safetensors: a type without a tensor");
}

SafeTensorsType stored_type(const std::string& name, const torch::Tensor& tensor) {
  for (const TypePair& type : kTypes) {
    if (type.tensor == tensor.scalar_type() && tensor.is_contiguous()) return type.stored;
  }
  throw std::logic_error("tensor " + name + " is not contiguous float32, float64 or int64");
}

}  // namespace

std::string serialize_safetensors(const SafeTensors& contents) {
  SafeTensorsHeader header;
  header.metadata = contents.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : contents.tensors) {
    const std::uint64_t end = offset + tensor.nbytes();
    header.entries.push_back({name, stored_type(name, tensor), tensor.sizes().vec(), offset, end});
    offset = end;
  }
  std::string bytes = serialize_safetensors_header(header);
  bytes.reserve(bytes.size() + offset);
  for (const auto& [name, tensor] : contents.tensors) {
    bytes.append(static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes());
  }
  return bytes;
}

SafeTensors parse_safetensors(std::string_view bytes) {
  std::string_view data;
  SafeTensorsHeader header = parse_safetensors_header(bytes, data);
  SafeTensors contents;
  contents.metadata = std::move(header.metadata);
  for (const SafeTensorsEntry& entry : header.entries) {
    torch::Tensor tensor = torch::empty(entry.dims, torch::dtype(scalar_type(entry.type)));
    if (entry.end > entry.begin) std::memcpy(tensor.mutable_data_ptr(), data.data() + entry.begin, entry.end - entry.begin);
    contents.tensors.emplace(entry.name, std::move(tensor));
  }
  return contents;
}

}  // namespace lobule
