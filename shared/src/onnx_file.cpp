#include "lobule/onnx_file.h"

#include <algorithm>

namespace lobule {
namespace {

template <typename Items>
auto find_by_name(const Items& items, const std::string& name) -> decltype(items.data()) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

std::size_t element_size(OnnxType type) {
  switch (type) {
    case OnnxType::undefined:
      return 0;
    case OnnxType::uint8:
    case OnnxType::int8:
    case OnnxType::boolean:
      return 1;
    case OnnxType::float16:
      return 2;
    case OnnxType::float32:
    case OnnxType::int32:
      return 4;
    case OnnxType::int64:
    case OnnxType::float64:
      return 8;
  }
  return 0;
}

std::int64_t OnnxTensor::element_count() const {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) count *= dim;
  return count;
}

const OnnxAttribute* OnnxNode::find_attribute(const std::string& attribute_name) const { return find_by_name(attributes, attribute_name); }

const OnnxTensor* OnnxGraph::find_initializer(const std::string& initializer_name) const { return find_by_name(initializers, initializer_name); }

const std::string* OnnxModel::find_metadata(const std::string& key) const {
  const auto found = std::find_if(metadata_props.begin(), metadata_props.end(), [&](const auto& entry) { return entry.first == key; });
  return found == metadata_props.end() ? nullptr : &found->second;
}

}  // namespace lobule
