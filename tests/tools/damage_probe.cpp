// Damages files in memory and counts what the decoder makes of them, for tests/python/damaged_files.py.
//   damage_probe truncate PLACES FILE...    cut off at PLACES lengths (at every one where the file has no more), the last 64 among them
//   damage_probe flip COUNT FILE...         one bit flipped anywhere, COUNT times
//   damage_probe flip-scan COUNT FILE...    the same inside a JPEG's entropy-coded data
//     one line a file: REFUSED INTACT CHANGED; intact: decoded to the undamaged file's pixels
//   damage_probe cost FILE                  MILLISECONDS PEAK_KIB ANSWER: decoding once, on the wall's clock, and the process's peak memory
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "file_bytes.h"
#include "lobule/decode.h"
#include "lobule/portable_math.h"

namespace {

using namespace lobule;

Image decode(const std::string& bytes) { return decode_image(std::as_bytes(std::span(bytes.data(), bytes.size())), {.min_side = 1}); }

struct Outcomes {
  int refused = 0;
  int intact = 0;
  int changed = 0;
};

void decode_damaged(const std::string& damaged, const Image& whole, Outcomes& outcomes) {
  try {
    const Image image = decode(damaged);
    ++(image.width == whole.width && image.height == whole.height && image.rgb == whole.rgb ? outcomes.intact : outcomes.changed);
  } catch (const std::runtime_error&) {
    ++outcomes.refused;
  }
}

Outcomes truncate(const std::string& bytes, std::size_t places) {
  const Image whole = decode(bytes);
  std::vector<std::size_t> lengths;
  if (places >= bytes.size()) {
    lengths.resize(bytes.size());
    std::iota(lengths.begin(), lengths.end(), std::size_t{0});
  } else {
    SplitMix64 random(bytes.size());
    for (std::size_t i = 1; i <= std::min<std::size_t>(64, places); ++i) lengths.push_back(bytes.size() - i);
    while (lengths.size() < places) lengths.push_back(random.below(static_cast<std::uint32_t>(bytes.size())));
  }
  Outcomes outcomes;
  for (const std::size_t length : lengths) decode_damaged(bytes.substr(0, length), whole, outcomes);
  return outcomes;
}

/// Offsets of the bytes between a scan's header and the next marker that is not a restart.
std::vector<std::size_t> entropy_coded_bytes(const std::string& jpeg) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(jpeg.at(i)); };
  std::vector<std::size_t> offsets;
  std::size_t i = 2;
  while (at(i + 1) != 0xD9) {
    const bool scan = at(i + 1) == 0xDA;
    i += 2U + at(i + 2) * 256U + at(i + 3);
    while (scan && (at(i) != 0xFF || at(i + 1) == 0 || (at(i + 1) >= 0xD0 && at(i + 1) <= 0xD7))) offsets.push_back(i++);
  }
  return offsets;
}

Outcomes flip(const std::string& bytes, std::size_t count, const std::vector<std::size_t>& offsets) {
  const Image whole = decode(bytes);
  SplitMix64 random(bytes.size());
  Outcomes outcomes;
  for (std::size_t i = 0; i < count; ++i) {
    std::string damaged = bytes;
    char& byte = damaged[offsets[random.below(static_cast<std::uint32_t>(offsets.size()))]];
    byte = static_cast<char>(byte ^ (1 << random.below(8)));
    decode_damaged(damaged, whole, outcomes);
  }
  return outcomes;
}

std::vector<std::size_t> all_bytes(const std::string& bytes) {
  std::vector<std::size_t> offsets(bytes.size());
  std::iota(offsets.begin(), offsets.end(), std::size_t{0});
  return offsets;
}

/// Linux's own count for this program alone; 0 elsewhere.
long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  }
  return 0;
}

void print_cost(const std::string& path) {
  const std::string bytes = read_bytes(path);
  const auto start = std::chrono::steady_clock::now();
  std::string answer;
  try {
    const Image image = decode(bytes);
    answer = std::to_string(image.width) + "x" + std::to_string(image.height);
  } catch (const std::runtime_error& error) {
    answer = std::string("refused: ") + error.what();
  }
  const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
  std::cout << time.count() << ' ' << peak_kib() << ' ' << answer << '\n';
}

void count_outcomes(const std::string& action, std::size_t count, const std::string& path) {
  const std::string bytes = read_bytes(path);
  Outcomes outcomes;
  if (action == "truncate") {
    outcomes = truncate(bytes, count);
  } else if (action == "flip") {
    outcomes = flip(bytes, count, all_bytes(bytes));
  } else if (action == "flip-scan") {
    outcomes = flip(bytes, count, entropy_coded_bytes(bytes));
  } else {
    throw std::runtime_error("unknown action " + action);
  }
  std::cout << outcomes.refused << ' ' << outcomes.intact << ' ' << outcomes.changed << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 2 && arguments[0] == "cost") {
      print_cost(arguments[1]);
    } else if (arguments.size() >= 3) {
      for (std::size_t i = 2; i < arguments.size(); ++i) count_outcomes(arguments[0], std::stoul(arguments[1]), arguments[i]);
    } else {
      std::cerr << "usage: damage_probe truncate|flip|flip-scan COUNT FILE... | cost FILE\n";
      return 2;
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "damage_probe: " << error.what() << '\n';
    return 1;
  }
}
