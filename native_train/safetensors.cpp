#include "safetensors.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "safetensors_header.h"

namespace lobule {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tensors are stored little-endian and copied as they lie");

torch::ScalarType scalar_type(SafeTensorsType type) { return type == SafeTensorsType::float32 ? torch::kFloat32 : torch::kInt64; }

}  // namespace

std::string serialize_safetensors(const SafeTensors& contents) {
  SafeTensorsHeader header;
  header.metadata = contents.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : contents.tensors) {
    const bool is_float = tensor.scalar_type() == torch::kFloat32;
    if ((!is_float && tensor.scalar_type() != torch::kInt64) || !tensor.is_contiguous()) {
      throw std::logic_error("tensor " + name + " is not contiguous float32 or int64");
    }
    const std::uint64_t end = offset + tensor.nbytes();
    header.entries.push_back({name, is_float ? SafeTensorsType::float32 : SafeTensorsType::int64, tensor.sizes().vec(), offset, end});
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
