#include "progress.h"

#include <sys/mman.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <sstream>
#include <vector>

#include "epoch_log.h"

using namespace lobule;
using Catch::Matchers::Contains;

TEST_CASE("Durations read as minutes and seconds, with hours when there are any") {
  CHECK(duration_text(0) == "0:00");
  CHECK(duration_text(71.4) == "1:11");
  CHECK(duration_text(3600 + 61) == "1:01:01");
}

namespace {

EpochProgress half_an_epoch() {
  EpochProgress progress;
  progress.epoch = 3;
  progress.epochs = 20;
  progress.images = 300;
  progress.epoch_images = 600;
  progress.loss = 0.41234;
  progress.images_per_second = 251.3;
  progress.seconds_left = 72;
  progress.memory = {std::int64_t{412} << 20, std::int64_t{530} << 20};
  return progress;
}

}  // namespace

TEST_CASE("The progress line tells epoch, share, speed, time left and memory") {
  CHECK(progress_text(half_an_epoch()) ==
        "epoch 3/20 [============>           ]  50 %  300/600 images  loss 0.4123  251 images/s  ETA 1:12  memory 412/530 MiB");
}

TEST_CASE("The progress line tells a device's memory where there is one") {
  EpochProgress progress = half_an_epoch();
  progress.device = MemoryUse{std::int64_t{1} << 30, std::int64_t{3} << 30};
  CHECK_THAT(progress_text(progress), Catch::Matchers::EndsWith("memory 412/530 MiB  device 1024/3072 MiB"));
}

TEST_CASE("A progress line never fills a terminal's width: its bar goes first, then its end") {
  const std::string whole = progress_text(half_an_epoch());
  CHECK(progress_text(half_an_epoch(), static_cast<int>(whole.size()) + 1) == whole);
  CHECK(progress_text(half_an_epoch(), static_cast<int>(whole.size())) ==
        "epoch 3/20  50 %  300/600 images  loss 0.4123  251 images/s  ETA 1:12  memory 412/530 MiB");
  CHECK(progress_text(half_an_epoch(), 40) == "epoch 3/20  50 %  300/600 images  loss ");
}

TEST_CASE("The process's memory grows by what is written to, and its peak stays") {
  constexpr std::size_t kBytes = std::size_t{64} << 20;
  const MemoryUse before = resident_memory();
  REQUIRE(before.current > 0);
  // Straight from the system: an allocator may have memory left of what was freed.
  void* block = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(block != MAP_FAILED);
  std::memset(block, 1, kBytes);
  const std::int64_t inside = resident_memory().current;
  ::munmap(block, kBytes);
  CHECK(inside - before.current > std::int64_t{60} << 20);
  CHECK(resident_memory().peak >= inside - (std::int64_t{1} << 20));  // the two figures are counted apart, by pages a processor
}

TEST_CASE("Away from a terminal no control character is written, and nothing for a short epoch") {
  std::ostringstream out;
  ProgressLine line(out, /*terminal=*/false);
  line.start_epoch(1, 2, 100, 0);
  line.show(50, 0.5);
  line.clear();
  CHECK(out.str().empty());
}

TEST_CASE("An epoch's line has a column for each figure of both sets, a dash where one is undefined, and a star when it is the best") {
  EpochRecord record;
  record.epoch = 4;
  record.seconds = 12.34;
  record.train = {0.5, 0.75, 0.5, 0.25, 0.125, 0.875};
  record.val = SetFigures{0.25, 1.0, std::nullopt, 0.0, std::nullopt, 1.0};
  record.best = true;
  const std::string line = epoch_line(record);
  CHECK_THAT(line, Contains("0.5000  0.750  0.500  0.250  0.125  0.875") && Contains("0.2500  1.000      -  0.000      -  1.000") && Contains("12.3 *"));
  const std::string header = epoch_header();
  CHECK(line.size() == header.substr(header.find('\n') + 1).size() + 2);
}
