#include "jpeg_frame.h"

#include <algorithm>
#include <stdexcept>

#include "byte_order.h"

namespace lobule {
namespace {

constexpr std::uint32_t kBlockSide = 8;  // samples

std::uint32_t divide_up(std::uint32_t value, std::uint32_t divisor) { return (value + divisor - 1) / divisor; }

std::uint32_t largest_horizontal(const JpegFrame& frame) {
  std::uint32_t largest = 1;
  for (const JpegComponent& component : frame.components) largest = std::max(largest, component.horizontal);
  return largest;
}

std::uint32_t largest_vertical(const JpegFrame& frame) {
  std::uint32_t largest = 1;
  for (const JpegComponent& component : frame.components) largest = std::max(largest, component.vertical);
  return largest;
}

void check_coding(std::uint32_t marker) {
  switch (marker) {
    case 0xC0:  // baseline
    case 0xC1:  // extended sequential
    case 0xC2:  // progressive
      return;
    case 0xC3:
    case 0xCB:
      refuse_jpeg("is lossless JPEG (ITU-T T.81 process 14), which is not read; save it as PNG");
    case 0xC9:
    case 0xCA:
      refuse_jpeg("is arithmetic coded, which is not read; save it as PNG");
    default:
      refuse_jpeg("is hierarchical, which is not read; save it as PNG");
  }
}

void check_sampling(const JpegFrame& frame) {
  const std::uint32_t horizontal = largest_horizontal(frame);
  const std::uint32_t vertical = largest_vertical(frame);
  for (const JpegComponent& component : frame.components) {
    if (horizontal % component.horizontal != 0 || vertical % component.vertical != 0) {
      refuse_jpeg("samples its colours at a fractional ratio, which is not read; save it as PNG");
    }
  }
}

}  // namespace

void refuse_jpeg(const std::string& cause) { throw std::runtime_error("JPEG " + cause); }

JpegFrame read_jpeg_frame(std::uint32_t marker, std::span<const std::byte> segment) {
  check_coding(marker);
  if (segment.size() < 6) refuse_jpeg("frame header is too short");
  const std::uint32_t precision = byte_at(segment, 0);
  if (precision != 8) refuse_jpeg("has " + std::to_string(precision) + "-bit samples; 8 are read, save it as PNG");
  JpegFrame frame;
  frame.progressive = marker == 0xC2;
  frame.height = big16_at(segment, 1);
  frame.width = big16_at(segment, 3);
  if (frame.height == 0) refuse_jpeg("does not give its height in the header (DNL), which is not read");
  if (frame.width == 0) refuse_jpeg("has no pixels");
  const std::uint32_t count = byte_at(segment, 5);
  if (count == 4) refuse_jpeg("is CMYK (four colours, made for print); save it as RGB");
  if (count != 1 && count != 3) refuse_jpeg("has " + std::to_string(count) + " colour components; 1 and 3 are read");
  if (segment.size() != 6 + 3 * count) refuse_jpeg("frame header has a wrong length");
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t offset = 6 + 3 * i;
    const std::uint32_t sampling = byte_at(segment, offset + 1);
    const JpegComponent component = {byte_at(segment, offset), sampling >> 4, sampling & 15, byte_at(segment, offset + 2)};
    if (component.horizontal < 1 || component.horizontal > 4 || component.vertical < 1 || component.vertical > 4 || component.quantisation_table > 3) {
      refuse_jpeg("frame header is damaged");
    }
    for (const JpegComponent& other : frame.components) {
      if (other.id == component.id) refuse_jpeg("frame header names a component twice");
    }
    frame.components.push_back(component);
  }
  check_sampling(frame);
  return frame;
}

JpegScan read_jpeg_scan(const JpegFrame& frame, std::span<const std::byte> segment) {
  const std::size_t count = segment.empty() ? 0 : byte_at(segment, 0);
  if (count < 1 || count > frame.components.size() || segment.size() != 4 + 2 * count) refuse_jpeg("scan header is damaged");
  JpegScan scan;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t id = byte_at(segment, 1 + 2 * i);
    const std::uint32_t tables = byte_at(segment, 2 + 2 * i);
    const auto found = std::find_if(frame.components.begin(), frame.components.end(), [id](const JpegComponent& component) { return component.id == id; });
    if (found == frame.components.end()) refuse_jpeg("scan names a component that the frame lacks");
    const JpegScanComponent component = {static_cast<std::size_t>(found - frame.components.begin()), tables >> 4, tables & 15};
    if (component.dc_table > 3 || component.ac_table > 3) refuse_jpeg("scan header is damaged");
    for (const JpegScanComponent& other : scan.components) {
      if (other.index == component.index) refuse_jpeg("scan names a component twice");
    }
    scan.components.push_back(component);
  }
  if (frame.progressive) {
    scan.first_coefficient = byte_at(segment, 1 + 2 * count);
    scan.last_coefficient = byte_at(segment, 2 + 2 * count);
    scan.high_bit = byte_at(segment, 3 + 2 * count) >> 4;
    scan.low_bit = byte_at(segment, 3 + 2 * count) & 15;
    const bool dc = scan.first_coefficient == 0;
    if (scan.last_coefficient > 63 || scan.first_coefficient > scan.last_coefficient || scan.low_bit > 13 || (dc && scan.last_coefficient != 0) ||
        (!dc && count != 1) || (scan.high_bit != 0 && scan.high_bit != scan.low_bit + 1)) {
      refuse_jpeg("scan header does not follow the rules of progressive JPEG");
    }
  }
  return scan;
}

std::uint64_t mcu_count(const JpegFrame& frame, const JpegScan& scan) {
  const std::uint32_t horizontal = largest_horizontal(frame);
  const std::uint32_t vertical = largest_vertical(frame);
  if (scan.components.size() == 1) {
    const JpegComponent& component = frame.components[scan.components[0].index];
    const std::uint32_t width = divide_up(frame.width * component.horizontal, horizontal);  // samples
    const std::uint32_t height = divide_up(frame.height * component.vertical, vertical);
    return std::uint64_t{divide_up(width, kBlockSide)} * divide_up(height, kBlockSide);
  }
  return std::uint64_t{divide_up(frame.width, kBlockSide * horizontal)} * divide_up(frame.height, kBlockSide * vertical);
}

}  // namespace lobule
