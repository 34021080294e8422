#include "progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "device.h"

namespace lobule {
namespace {

constexpr int kBarWidth = 24;
constexpr std::chrono::milliseconds kTerminalInterval{100};
constexpr std::chrono::seconds kPlainInterval{30};
constexpr const char* kEraseLine = "\r\x1b[K";  // ECMA-48 EL

std::string bar_text(double done) {
  const int filled = std::clamp(static_cast<int>(done * kBarWidth), 0, kBarWidth);
  std::string bar(static_cast<std::size_t>(kBarWidth), ' ');
  for (int i = 0; i < filled; ++i) bar[static_cast<std::size_t>(i)] = '=';
  if (filled < kBarWidth) bar[static_cast<std::size_t>(filled)] = '>';
  return bar;
}

/// "412/530 MiB"
std::string memory_text(const MemoryUse& use) {
  constexpr std::int64_t kMebibyte = 1 << 20;
  return std::to_string(use.current / kMebibyte) + "/" + std::to_string(use.peak / kMebibyte) + " MiB";
}

/// Of stderr's terminal, which may change while we run; 0 where it is none.
int terminal_columns() {
  struct winsize size {};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

std::string duration_text(double seconds) {
  const auto total = static_cast<std::int64_t>(std::lround(std::max(seconds, 0.0)));
  std::ostringstream text;
  text << std::setfill('0');
  if (total >= 3600) {
    text << total / 3600 << ':' << std::setw(2) << total / 60 % 60;
  } else {
    text << total / 60;
  }
  text << ':' << std::setw(2) << total % 60;
  return text.str();
}

std::string progress_text(const EpochProgress& progress, int columns) {
  const double done = progress.epoch_images > 0 ? static_cast<double>(progress.images) / static_cast<double>(progress.epoch_images) : 0;
  const std::string epoch = "epoch " + std::to_string(progress.epoch) + "/" + std::to_string(progress.epochs);
  std::ostringstream text;
  text << std::setw(3) << static_cast<int>(done * 100) << " %  " << progress.images << '/' << progress.epoch_images << " images  loss " << std::fixed
       << std::setprecision(4) << progress.loss << "  " << std::setprecision(0) << progress.images_per_second << " images/s  ETA "
       << duration_text(progress.seconds_left) << "  memory " << memory_text(progress.memory);
  if (progress.device) text << "  device " << memory_text(*progress.device);
  const std::string whole = epoch + " [" + bar_text(done) + "] " + text.str();
  if (columns <= 0 || static_cast<int>(whole.size()) < columns) return whole;
  return (epoch + " " + text.str()).substr(0, static_cast<std::size_t>(columns - 1));
}

ProgressLine::ProgressLine(std::ostream& out, bool terminal) : out_(out), terminal_(terminal) {}

void ProgressLine::start_epoch(int epoch, int epochs, std::int64_t epoch_images, std::int64_t images_before) {
  progress_ = {};
  progress_.epoch = epoch;
  progress_.epochs = epochs;
  progress_.images = images_before;
  progress_.epoch_images = epoch_images;
  images_before_ = images_before;
  start_ = Clock::now();
  last_shown_ = start_;
}

void ProgressLine::show(std::int64_t images, double loss) {
  const Clock::time_point now = Clock::now();
  if (now - last_shown_ < (terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(kPlainInterval))) return;
  last_shown_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  progress_.images = images;
  progress_.loss = loss;
  progress_.images_per_second = static_cast<double>(images - images_before_) / seconds;
  progress_.seconds_left = static_cast<double>(progress_.epoch_images - images) / std::max(progress_.images_per_second, 1e-9);
  progress_.memory = resident_memory();
  progress_.device = device_memory();
  out_ << (terminal_ ? kEraseLine : "") << progress_text(progress_, terminal_ ? terminal_columns() : 0) << (terminal_ ? "" : "\n") << std::flush;
  visible_ = terminal_;
}

void ProgressLine::clear() {
  if (visible_) out_ << kEraseLine << std::flush;
  visible_ = false;
}

bool stderr_is_terminal() { return ::isatty(STDERR_FILENO) != 0; }

}  // namespace lobule
