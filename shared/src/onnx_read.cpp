#include <algorithm>
#include <protozero/exception.hpp>
#include <set>
#include <stdexcept>

#include "lobule/onnx_file.h"
#include "onnx_wire.h"

// Field numbers in the functions below are those of onnx.proto3; fields that are not named are documentation or hints.
namespace lobule {
namespace {

using onnx_wire::add;
using onnx_wire::Allowance;
using onnx_wire::read_node;
using onnx_wire::Reader;
using protozero::data_view;
using protozero::tag_and_type;
constexpr auto kVarint = protozero::pbf_wire_type::varint;
constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;

constexpr std::size_t kMaxFileBytes = std::size_t{512} << 20;
// Of the format itself. Operator sets come with IR 3; what came after IR 13 we have not seen.
constexpr std::int64_t kOldestIr = 3;
constexpr std::int64_t kNewestIr = 13;
constexpr std::int64_t kOldestOpset = 13;
constexpr std::int64_t kNewestOpset = 21;

OnnxDim read_dim(data_view bytes, Allowance& allowance) {
  OnnxDim dim;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kVarint):
        dim.value = reader.get_int64();
        if (dim.value < -1) throw std::runtime_error("ONNX file has an input or output with a size of " + std::to_string(dim.value));  // -1: unknown
        break;
      case tag_and_type(2, kBytes):
        dim.symbol = read_text(reader, allowance);
        break;
      default:
        reader.skip();
    }
  }
  return dim;
}

/// TypeProto.tensor_type: the element type and the shape's dims.
void read_tensor_type(data_view bytes, OnnxValueInfo& value, int& data_type, Allowance& allowance) {
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kVarint):
        data_type = reader.get_int32();
        break;
      case tag_and_type(2, kBytes): {
        Reader shape{reader.get_view()};
        while (shape.next()) {
          if (shape.tag_and_type() == tag_and_type(1, kBytes)) {
            add(value.dims, read_dim(shape.get_view(), allowance), allowance);
          } else {
            shape.skip();
          }
        }
        break;
      }
      default:
        reader.skip();
    }
  }
}

OnnxValueInfo read_value_info(data_view bytes, Allowance& allowance) {
  OnnxValueInfo value;
  int data_type = 0;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        value.name = read_text(reader, allowance);
        break;
      case tag_and_type(2, kBytes): {
        Reader type{reader.get_view()};
        while (type.next()) {
          if (type.tag_and_type() == tag_and_type(1, kBytes)) {
            read_tensor_type(type.get_view(), value, data_type, allowance);
          } else {
            type.skip();
          }
        }
        break;
      }
      default:
        reader.skip();
    }
  }
  value.type = onnx_wire::checked_type(data_type, "input or output '" + value.name + "'");
  return value;
}

OnnxGraph read_graph(data_view bytes, Allowance& allowance) {
  OnnxGraph graph;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        add(graph.nodes, read_node(reader.get_view(), allowance), allowance);
        break;
      case tag_and_type(2, kBytes):
        graph.name = read_text(reader, allowance);
        break;
      case tag_and_type(5, kBytes):
        add(graph.initializers, read_tensor(reader.get_view(), allowance), allowance);
        break;
      case tag_and_type(11, kBytes):
        add(graph.inputs, read_value_info(reader.get_view(), allowance), allowance);
        break;
      case tag_and_type(12, kBytes):
        add(graph.outputs, read_value_info(reader.get_view(), allowance), allowance);
        break;
      default:
        if (reader.tag() == 15) throw std::runtime_error("ONNX graph has sparse weights, which are not supported");
        reader.skip();
    }
  }
  // Before IR 4 every weight was listed as an input too; such an input is only a default that nobody feeds.
  std::set<std::string> weights;
  for (const OnnxTensor& tensor : graph.initializers) weights.insert(tensor.name);
  std::erase_if(graph.inputs, [&](const OnnxValueInfo& input) { return weights.count(input.name) > 0; });
  return graph;
}

std::pair<std::string, std::string> read_text_pair(data_view bytes, Allowance& allowance) {
  std::pair<std::string, std::string> entry;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        entry.first = read_text(reader, allowance);
        break;
      case tag_and_type(2, kBytes):
        entry.second = read_text(reader, allowance);
        break;
      default:
        reader.skip();
    }
  }
  return entry;
}

/// The version when the import is of the default domain, else 0. Other domains may be imported, but no node may use them.
std::int64_t read_default_opset(data_view bytes, Allowance& allowance) {
  std::string domain;
  std::int64_t version = 0;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kBytes):
        domain = read_text(reader, allowance);
        break;
      case tag_and_type(2, kVarint):
        version = reader.get_int64();
        break;
      default:
        reader.skip();
    }
  }
  return domain.empty() || domain == "ai.onnx" ? version : 0;
}

OnnxModel read_model(data_view bytes) {
  OnnxModel model;
  model.ir_version = 0;
  model.opset_version = 0;
  bool has_graph = false;
  Allowance allowance;
  Reader reader{bytes};
  while (reader.next()) {
    switch (reader.tag_and_type()) {
      case tag_and_type(1, kVarint):
        model.ir_version = reader.get_int64();
        break;
      case tag_and_type(2, kBytes):
        model.producer_name = read_text(reader, allowance);
        break;
      case tag_and_type(3, kBytes):
        model.producer_version = read_text(reader, allowance);
        break;
      case tag_and_type(6, kBytes):
        model.doc_string = read_text(reader, allowance);
        break;
      case tag_and_type(7, kBytes):
        if (has_graph) throw std::runtime_error("ONNX file has two graphs");
        has_graph = true;
        model.graph = read_graph(reader.get_view(), allowance);
        break;
      case tag_and_type(8, kBytes):
        model.opset_version = std::max(model.opset_version, read_default_opset(reader.get_view(), allowance));
        break;
      case tag_and_type(14, kBytes):
        add(model.metadata_props, read_text_pair(reader.get_view(), allowance), allowance);
        break;
      default:
        if (reader.tag() == 25) throw std::runtime_error("ONNX file has functions of its own, which are not supported");
        reader.skip();
    }
  }
  if (!has_graph || model.ir_version == 0) throw std::runtime_error("not an ONNX file, or cut short: it has no graph");
  if (model.ir_version < kOldestIr || model.ir_version > kNewestIr) {
    throw std::runtime_error("ONNX file is of IR version " + std::to_string(model.ir_version) + "; 3 to 13 are supported");
  }
  if (model.opset_version < kOldestOpset || model.opset_version > kNewestOpset) {
    throw std::runtime_error("ONNX file uses operator set " + std::to_string(model.opset_version) + "; 13 to 21 are supported");
  }
  return model;
}

}  // namespace

OnnxModel parse_onnx(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxFileBytes) throw std::runtime_error("ONNX file is larger than 512 MiB");
  try {
    OnnxModel model = read_model({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    onnx_wire::check_graph(model.graph);
    return model;
  } catch (const protozero::exception& error) {
    throw std::runtime_error(std::string("not an ONNX file, or cut short (") + error.what() + ")");
  }
}

}  // namespace lobule
