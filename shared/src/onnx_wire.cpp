#include "onnx_wire.h"

#include <protozero/exception.hpp>
#include <protozero/varint.hpp>
#include <stdexcept>

namespace lobule::onnx_wire {
namespace {

/// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = 1;
    if (lead >= 0xF0) {
      length = 4;
    } else if (lead >= 0xE0) {
      length = 3;
    } else if (lead >= 0x80) {
      length = 2;
    }
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return false;
    }
    if (length > 2) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return false;
      if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return false;
    }
    i += length;
  }
  return true;
}

void take(std::size_t& left, std::size_t bytes, const char* cause) {
  if (bytes > left) throw std::runtime_error(cause);
  left -= bytes;
}

}  // namespace

bool Reader::next() {
  if (!protozero::pbf_reader::next()) return false;
  if (wire_type() == pbf_wire_type::length_delimited) {
    const char* position = data().data();
    const char* const end = position + data().size();
    const std::uint64_t length = protozero::decode_varint(&position, end);
    if (length > static_cast<std::uint64_t>(end - position)) throw protozero::end_of_buffer_exception{};
  }
  return true;
}

void Allowance::take_structure(std::size_t bytes) {
  take(structure_left_, bytes, "ONNX file describes more nodes and names than any network has (limit: 64 MiB of memory)");
}

void Allowance::take_tensor_data(std::size_t bytes) { take(tensor_data_left_, bytes, "ONNX file has more than 512 MiB of weights"); }

std::string read_text(Reader& reader, Allowance& allowance) {
  const protozero::data_view view = reader.get_view();
  allowance.take_structure(view.size());
  std::string text(view.data(), view.size());
  if (!is_utf8(text)) throw std::runtime_error("ONNX file has a name or text that is not UTF-8");
  return text;
}

OnnxType checked_type(int data_type, const std::string& what) {
  const auto type = static_cast<OnnxType>(data_type);
  if (element_size(type) == 0) {
    throw std::runtime_error("ONNX " + what + " has data type " + std::to_string(data_type) + ", which is not supported");
  }
  return type;
}

}  // namespace lobule::onnx_wire
