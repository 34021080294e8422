#include "event_file.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <protozero/pbf_writer.hpp>
#include <stdexcept>
#include <system_error>

#include "atomic_file.h"

namespace lobule {
namespace {

// Field numbers of tensorflow/core/util/event.proto and framework/summary.proto.
namespace event {
enum { kWallTime = 1, kStep = 2, kFileVersion = 3, kSummary = 5, kSessionLog = 7 };
}
namespace summary {
enum { kValue = 1 };
}
namespace value {
enum { kTag = 1, kSimpleValue = 2 };
}
namespace session_log {
enum { kStatus = 1 };
constexpr int kStart = 1;
}  // namespace session_log

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);
    table[i] = crc;
  }
  return table;
}
constexpr auto kCrcTable = make_crc_table();

/// TFRecord stores no plain CRC: one of data that holds its own CRC would be weak.
std::uint32_t masked_crc(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

template <typename Integer>
std::string little_endian(Integer number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) bytes.push_back(static_cast<char>((number >> (8 * i)) & 0xFF));
  return bytes;
}

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string version_event(double wall_time) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_double(event::kWallTime, wall_time);
  writer.add_string(event::kFileVersion, "brain.Event:2");
  return bytes;
}

std::string restart_event(double wall_time, std::int64_t step) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_double(event::kWallTime, wall_time);
  writer.add_int64(event::kStep, step);
  {
    protozero::pbf_writer log(writer, event::kSessionLog);  // its destructor writes its length
    log.add_enum(session_log::kStatus, session_log::kStart);
  }
  return bytes;
}

/// TensorBoard reads every file whose name holds "tfevents", in the order of their names, so the time comes first.
std::filesystem::path new_event_file(const std::filesystem::path& folder) {
  for (auto seconds = static_cast<std::int64_t>(now());; ++seconds) {
    const std::filesystem::path file = folder / ("events.out.tfevents." + std::to_string(seconds) + ".lobule");
    if (!std::filesystem::exists(file)) return file;
  }
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char byte : bytes) crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<std::uint8_t>(byte)) & 0xFF];
  return ~crc;
}

std::string tfrecord(std::string_view data) {
  const std::string length = little_endian(static_cast<std::uint64_t>(data.size()));
  std::string record = length + little_endian(masked_crc(length));
  record.append(data);
  return record + little_endian(masked_crc(data));
}

std::string scalar_event(double wall_time, std::int64_t step, const Scalars& scalars) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_double(event::kWallTime, wall_time);
  writer.add_int64(event::kStep, step);
  {
    protozero::pbf_writer summary_writer(writer, event::kSummary);  // destructors write the lengths
    for (const auto& [tag, scalar] : scalars) {
      protozero::pbf_writer value_writer(summary_writer, summary::kValue);
      value_writer.add_string(value::kTag, tag);
      value_writer.add_float(value::kSimpleValue, static_cast<float>(scalar));
    }
  }
  return bytes;
}

EventFile::EventFile(const std::filesystem::path& folder, std::int64_t first_step) {
  create_folder(folder);
  file_ = new_event_file(folder);
  errno = 0;
  stream_.open(file_, std::ios::binary);
  require_written();
  append(version_event(now()));
  if (first_step > 1) append(restart_event(now(), first_step));
}

void EventFile::write(std::int64_t step, const Scalars& scalars) { append(scalar_event(now(), step, scalars)); }

void EventFile::append(const std::string& event) {
  errno = 0;
  stream_ << tfrecord(event) << std::flush;
  require_written();
}

void EventFile::require_written() const {
  if (!stream_) throw std::runtime_error(file_.string() + ": cannot write: " + std::generic_category().message(errno));
}

}  // namespace lobule
