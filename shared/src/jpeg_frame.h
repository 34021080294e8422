#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lobule {

/// Throws std::runtime_error("JPEG " + cause).
[[noreturn]] void refuse_jpeg(const std::string& cause);

struct JpegComponent {
  std::uint32_t id = 0;
  std::uint32_t horizontal = 1;  // sampling factors, 1..4
  std::uint32_t vertical = 1;
  std::uint32_t quantisation_table = 0;  // 0..3
};

/// A frame header (SOF), ITU-T T.81 B.2.2.
struct JpegFrame {
  bool progressive = false;
  std::uint32_t width = 0;                // pixels
  std::uint32_t height = 0;               // pixels
  std::vector<JpegComponent> components;  // 1 (grey) or 3
};

struct JpegScanComponent {
  std::size_t index = 0;  // into JpegFrame::components
  std::uint32_t dc_table = 0;
  std::uint32_t ac_table = 0;
};

/// A scan header (SOS), B.2.3.
struct JpegScan {
  std::vector<JpegScanComponent> components;
  std::uint32_t first_coefficient = 0;  // of the zig-zag order
  std::uint32_t last_coefficient = 63;
  std::uint32_t high_bit = 0;  // of successive approximation: 0 in a coefficient's first scan
  std::uint32_t low_bit = 0;
};

/// The frame of baseline, extended 8-bit and progressive Huffman JPEG, grey or three components. Throws naming every other kind.
JpegFrame read_jpeg_frame(std::uint32_t marker, std::span<const std::byte> segment);

JpegScan read_jpeg_scan(const JpegFrame& frame, std::span<const std::byte> segment);

/// Minimum coded units of a scan: blocks of one component, or interleaved groups of all (A.2).
std::uint64_t mcu_count(const JpegFrame& frame, const JpegScan& scan);

}  // namespace lobule
