#include "image_format.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

namespace lobule {
namespace {

using namespace std::string_view_literals;

struct ForeignFormat {
  std::size_t offset;
  std::string_view signature;
  std::string_view name;
};

constexpr std::array kForeignFormats = {
    ForeignFormat{0, "GIF8"sv, "GIF"},
    ForeignFormat{8, "WEBP"sv, "WebP"},
    ForeignFormat{4, "ftypavif"sv, "AVIF"},
    ForeignFormat{4, "ftyphei"sv, "HEIC"},
    ForeignFormat{4, "ftyphev"sv, "HEIC"},
    ForeignFormat{4, "ftypmif1"sv, "HEIC"},
    ForeignFormat{4, "ftypmsf1"sv, "HEIC"},
    ForeignFormat{4, "jP  \r\n\x87\n"sv, "JPEG 2000"},
    ForeignFormat{0, "\xFF\x4F\xFF\x51"sv, "JPEG 2000"},
    ForeignFormat{4, "JXL \r\n\x87\n"sv, "JPEG XL"},
    ForeignFormat{0, "\xFF\x0A"sv, "JPEG XL"},
    ForeignFormat{0, "8BPS"sv, "Photoshop"},
};

bool has_at(std::string_view bytes, std::size_t offset, std::string_view signature) {
  return bytes.size() >= offset && bytes.substr(offset).starts_with(signature);
}

bool is_tiff(std::string_view bytes) {
  return bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv) || bytes.starts_with("II+\0"sv) || bytes.starts_with("MM\0+"sv);  // the last two: BigTIFF
}

/// Aperio writes its name into the description of every slide it makes.
[[noreturn]] void refuse_tiff(std::string_view bytes) {
  if (bytes.find("Aperio"sv) != std::string_view::npos) {
    throw std::runtime_error(
        "whole-slide TIFF (Aperio SVS); lobule reads single fields as PNG, JPEG or BMP: export a region with QuPath, or "
        "`vips crop slide.svs field.png LEFT TOP WIDTH HEIGHT`");
  }
  throw std::runtime_error(
      "TIFF is not read; convert it to PNG with `vips copy image.tif image.png` or `magick image.tif image.png`, or export a "
      "region with QuPath where it is a whole slide");
}

/// Printable ASCII, line breaks, tabs and bytes of UTF-8 only.
bool looks_like_text(std::string_view bytes) {
  constexpr std::size_t kSample = 512;
  const std::string_view sample = bytes.substr(0, kSample);
  return std::all_of(sample.begin(), sample.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || byte == '\n' || byte == '\r' || byte == '\t';
  });
}

}  // namespace

ImageFormat recognise_format(std::span<const std::byte> encoded) {
  const std::string_view bytes(reinterpret_cast<const char*>(encoded.data()), encoded.size());
  if (bytes.empty()) throw std::runtime_error("file is empty");
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return ImageFormat::png;
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return ImageFormat::jpeg;
  if (bytes.starts_with("BM"sv) && !looks_like_text(bytes)) return ImageFormat::bmp;

  if (has_at(bytes, 1, "PNG"sv)) {
    throw std::runtime_error("PNG signature is damaged (line ends changed in a transfer?)");
  }
  if (is_tiff(bytes)) refuse_tiff(bytes);
  if (has_at(bytes, 128, "DICM"sv)) {
    throw std::runtime_error("DICOM is not read; export the image as PNG (for instance `dcmj2pnm +on image.dcm image.png`)");
  }
  for (const ForeignFormat& format : kForeignFormats) {
    if (has_at(bytes, format.offset, format.signature)) {
      throw std::runtime_error(std::string(format.name) + " is not read; save the image as PNG");
    }
  }
  if (looks_like_text(bytes)) throw std::runtime_error("text, not an image that lobule reads (PNG, JPEG, BMP)");
  throw std::runtime_error("not an image that lobule reads (PNG, JPEG, BMP)");
}

const char* format_name(ImageFormat format) {
  switch (format) {
    case ImageFormat::png:
      return "PNG";
    case ImageFormat::jpeg:
      return "JPEG";
    case ImageFormat::bmp:
      return "BMP";
  }
  throw std::logic_error("format_name: unknown format");
}

}  // namespace lobule
