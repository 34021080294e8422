#include "jpeg_integrity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "byte_order.h"
#include "exif.h"
#include "jpeg_frame.h"

namespace lobule {
namespace {

/// Encoders write about ten; thousands would keep a decoder busy for minutes over a small file. A scan of a large image may cost a hundred
/// milliseconds and take a few bytes, so that large images may have fewer: 20 at 50 megapixels.
constexpr int kMaxScans = 100;
constexpr std::uint64_t kMaxScannedPixels = 1'000'000'000;  // scans * width * height

enum Marker : std::uint32_t {
  kFirstFrame = 0xC0,
  kHuffmanTables = 0xC4,
  kReserved = 0xC8,
  kArithmeticConditioning = 0xCC,
  kLastFrame = 0xCF,
  kFirstRestart = 0xD0,
  kLastRestart = 0xD7,
  kEndOfImage = 0xD9,
  kStartOfScan = 0xDA,
  kQuantisationTables = 0xDB,
  kRestartInterval = 0xDD,
  kFirstApplication = 0xE0,
  kExifApplication = 0xE1,
  kLastApplication = 0xEF,
  kComment = 0xFE,
};

/// How far a component's 64 coefficients are coded: the lowest bit that has come, kNever before the first.
constexpr std::uint8_t kNever = 255;
using Precision = std::array<std::uint8_t, 64>;

class JpegWalk {
 public:
  explicit JpegWalk(std::span<const std::byte> encoded) : encoded_(encoded) {}

  void to_first_scan() {
    for (std::uint32_t marker = next_marker(); marker != kStartOfScan; marker = next_marker()) {
      if (marker == kEndOfImage) break;
      read_segment(marker);
    }
    if (!frame_) refuse_jpeg("has no frame header");
  }

  void to_end() {
    for (std::uint32_t marker = next_marker(); marker != kEndOfImage; marker = next_marker()) {
      if (marker == kStartOfScan) {
        read_scan();
      } else {
        read_segment(marker);
      }
    }
    check_complete();
  }

  ImageHeader header() const { return {ImageFormat::jpeg, static_cast<int>(frame_->width), static_cast<int>(frame_->height), orientation_}; }

 private:
  std::uint32_t next_marker() {
    if (offset_ >= encoded_.size()) refuse_jpeg("is truncated");
    if (byte_at(encoded_, offset_) != 0xFF) refuse_jpeg("is damaged: no marker at byte " + std::to_string(offset_));
    while (offset_ < encoded_.size() && byte_at(encoded_, offset_) == 0xFF) ++offset_;  // any number of fill bytes (B.1.1.2)
    if (offset_ >= encoded_.size()) refuse_jpeg("is truncated");
    return byte_at(encoded_, offset_++);
  }

  std::span<const std::byte> segment_data() {
    if (encoded_.size() - offset_ < 2) refuse_jpeg("is truncated");
    const std::size_t length = big16_at(encoded_, offset_);
    if (length < 2) refuse_jpeg("is damaged: segment without a length at byte " + std::to_string(offset_));
    if (encoded_.size() - offset_ < length) refuse_jpeg("is truncated");
    const auto data = encoded_.subspan(offset_ + 2, length - 2);
    offset_ += length;
    return data;
  }

  void read_segment(std::uint32_t marker) {
    if (marker == kArithmeticConditioning) refuse_jpeg("is arithmetic coded, which is not read; save it as PNG");
    if (marker == kHuffmanTables) {
      read_huffman_tables(segment_data());
    } else if (marker >= kFirstFrame && marker <= kLastFrame && marker != kReserved) {
      if (frame_) refuse_jpeg("has two frames");
      frame_ = read_jpeg_frame(marker, segment_data());
      precision_.resize(frame_->components.size());
      for (Precision& component : precision_) component.fill(kNever);
    } else if (marker == kQuantisationTables) {
      read_quantisation_tables(segment_data());
    } else if (marker == kRestartInterval) {
      const auto data = segment_data();
      if (data.size() != 2) refuse_jpeg("restart interval has a wrong length");
      restart_interval_ = big16_at(data, 0);
    } else if ((marker >= kFirstApplication && marker <= kLastApplication) || marker == kComment) {
      const auto data = segment_data();
      if (marker == kExifApplication && is_exif(data)) orientation_ = exif_orientation(data);
    } else {
      refuse_jpeg("is damaged: unexpected marker " + std::to_string(marker) + " before byte " + std::to_string(offset_));
    }
  }

  void read_huffman_tables(std::span<const std::byte> data) {
    while (!data.empty()) {
      if (data.size() < 17) refuse_jpeg("Huffman table is damaged");
      const std::uint32_t kind = byte_at(data, 0) >> 4;
      const std::uint32_t table = byte_at(data, 0) & 15;
      std::size_t codes = 0;
      for (std::size_t i = 1; i <= 16; ++i) codes += byte_at(data, i);
      if (kind > 1 || table > 3 || codes > 256 || data.size() < 17 + codes) refuse_jpeg("Huffman table is damaged");
      (kind == 0 ? dc_tables_ : ac_tables_)[table] = true;
      data = data.subspan(17 + codes);
    }
  }

  void read_quantisation_tables(std::span<const std::byte> data) {
    while (!data.empty()) {
      const std::uint32_t wide = byte_at(data, 0) >> 4;
      const std::uint32_t table = byte_at(data, 0) & 15;
      const std::size_t bytes = 1 + 64 * (wide + 1);
      if (wide > 1 || table > 3 || data.size() < bytes) refuse_jpeg("quantisation table is damaged");
      quantisation_tables_[table] = true;
      data = data.subspan(bytes);
    }
  }

  void read_scan() {
    if (!frame_) refuse_jpeg("has no frame header");
    if (++scans_ > kMaxScans) refuse_jpeg("has more than " + std::to_string(kMaxScans) + " scans");
    if (scans_ * std::uint64_t{frame_->width} * frame_->height > kMaxScannedPixels) refuse_jpeg("has too many scans for its size");
    const JpegScan scan = read_jpeg_scan(*frame_, segment_data());
    for (const JpegScanComponent& component : scan.components) {
      check_tables(scan, component);
      advance(scan, precision_[component.index]);
    }
    const std::size_t start = offset_;
    check_restarts(scan, skip_entropy_coded_data());
    check_length(scan, offset_ - start);
  }

  void check_tables(const JpegScan& scan, const JpegScanComponent& component) const {
    const bool first_bits = scan.high_bit == 0;
    const bool needs_dc = scan.first_coefficient == 0 && first_bits;
    const bool needs_ac = scan.last_coefficient > 0;
    if ((needs_dc && !dc_tables_[component.dc_table]) || (needs_ac && !ac_tables_[component.ac_table])) {
      refuse_jpeg("lacks a Huffman table");
    }
    if (!quantisation_tables_[frame_->components[component.index].quantisation_table]) refuse_jpeg("lacks a quantisation table");
  }

  /// A coefficient's first scan, or the one that goes one bit further; the DC coefficient comes before the others (G.1.1.1).
  static void advance(const JpegScan& scan, Precision& precision) {
    if (scan.first_coefficient > 0 && precision[0] == kNever) refuse_jpeg("scans come in a wrong order");
    for (std::size_t k = scan.first_coefficient; k <= scan.last_coefficient; ++k) {
      const std::uint32_t expected = scan.high_bit == 0 ? kNever : scan.high_bit;
      if (precision[k] != expected) refuse_jpeg("scans come in a wrong order");
      precision[k] = static_cast<std::uint8_t>(scan.low_bit);
    }
  }

  /// Moves to the next marker that is not a restart; returns how many restart markers came.
  std::uint64_t skip_entropy_coded_data() {
    std::uint64_t restarts = 0;
    while (true) {
      const auto rest = encoded_.subspan(offset_);
      const void* found = rest.empty() ? nullptr : std::memchr(rest.data(), 0xFF, rest.size());
      if (found == nullptr) refuse_jpeg("is truncated");
      std::size_t next = offset_ + static_cast<std::size_t>(static_cast<const std::byte*>(found) - rest.data());
      const std::size_t marker_start = next;
      while (next < encoded_.size() && byte_at(encoded_, next) == 0xFF) ++next;
      if (next >= encoded_.size()) refuse_jpeg("is truncated");
      const std::uint32_t marker = byte_at(encoded_, next);
      if (marker >= kFirstRestart && marker <= kLastRestart) {
        if (marker != kFirstRestart + restarts % 8) refuse_jpeg("is damaged: restart markers are out of order");
        ++restarts;
      } else if (marker != 0) {  // 0: a data byte 0xFF, stuffed
        offset_ = marker_start;
        return restarts;
      }
      offset_ = next + 1;
    }
  }

  void check_restarts(const JpegScan& scan, std::uint64_t restarts) const {
    const std::uint64_t expected = restart_interval_ == 0 ? 0 : (mcu_count(*frame_, scan) - 1) / restart_interval_;
    // Some encoders put one more behind the last interval.
    if (restarts != expected && (restart_interval_ == 0 || restarts != expected + 1)) {
      refuse_jpeg("is damaged: " + std::to_string(restarts) + " restart markers where " + std::to_string(expected) + " belong");
    }
  }

  /// Each unit of a scan that codes DC coefficients, or all of them, takes at least one bit: a header cannot ask for the memory of an image
  /// that the file is too small to hold.
  void check_length(const JpegScan& scan, std::size_t bytes) const {
    if (scan.first_coefficient == 0 && std::uint64_t{bytes} * 8 < mcu_count(*frame_, scan)) {
      refuse_jpeg("is damaged: a scan is too short for an image of " + std::to_string(frame_->width) + "x" + std::to_string(frame_->height) + " pixels");
    }
  }

  void check_complete() const {
    if (scans_ == 0) refuse_jpeg("holds no pixel data");
    for (const Precision& component : precision_) {
      const bool complete = std::all_of(component.begin(), component.end(), [](std::uint8_t bit) { return bit == 0; });
      if (!complete) refuse_jpeg("is incomplete: not all of its scans are there");
    }
  }

  std::span<const std::byte> encoded_;
  std::size_t offset_ = 2;  // behind SOI
  std::optional<JpegFrame> frame_;
  int orientation_ = 1;
  int scans_ = 0;
  std::uint32_t restart_interval_ = 0;  // MCUs, 0: none
  std::array<bool, 4> dc_tables_{};
  std::array<bool, 4> ac_tables_{};
  std::array<bool, 4> quantisation_tables_{};
  std::vector<Precision> precision_;  // of each component
};

}  // namespace

ImageHeader read_jpeg_header(std::span<const std::byte> encoded) {
  JpegWalk walk(encoded);
  walk.to_first_scan();
  return walk.header();
}

void check_jpeg(std::span<const std::byte> encoded) {
  JpegWalk walk(encoded);
  walk.to_end();
}

}  // namespace lobule
