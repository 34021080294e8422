#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace lobule {

/// A whole file. Throws std::runtime_error naming it.
inline std::string read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot open " + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace lobule
