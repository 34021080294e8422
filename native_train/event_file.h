#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lobule {

/// CRC-32C (Castagnoli polynomial, RFC 3720), as TFRecord uses it.
std::uint32_t crc32c(std::string_view bytes);

/// One TFRecord: length (uint64), masked CRC of the length, data, masked CRC of the data; little-endian.
std::string tfrecord(std::string_view data);

/// Figures of one epoch under their tags ("loss", "auc").
using Scalars = std::vector<std::pair<std::string, double>>;

/// A tensorflow.Event protobuf with a Summary of simple values. wall_time: seconds since 1970.
std::string scalar_event(double wall_time, std::int64_t step, const Scalars& scalars);

/// A TensorBoard event file that grows by one event an epoch.
class EventFile {
 public:
  /// Begins a new file in the folder (made where missing). first_step > 1 tells TensorBoard to forget what older files of the
  /// folder say of that step and later ones: they are trained again. Throws std::runtime_error naming the file and the cause.
  EventFile(const std::filesystem::path& folder, std::int64_t first_step);

  /// Written through to the file at once. Throws std::runtime_error naming the file and the cause.
  void write(std::int64_t step, const Scalars& scalars);

 private:
  void append(const std::string& event);
  void require_written() const;  // errno says why not
  std::filesystem::path file_;
  std::ofstream stream_;
};

}  // namespace lobule
