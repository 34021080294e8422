#pragma once

#include <exception>
#include <fstream>
#include <iostream>
#include <span>
#include <string>

#include "file_bytes.h"
#include "lobule/decode.h"

namespace lobule {

/// Decodes a file within the limits. Throws std::runtime_error with the cause.
inline Image read_image(const std::string& path, const DecodeLimits& limits = {}) {
  const std::string bytes = read_bytes(path);
  return decode_image(std::as_bytes(std::span(bytes.data(), bytes.size())), limits);
}

/// The main() of a probe: answers each line of the file that its only argument names with one line, "error: CAUSE" where answer(job) throws.
template <typename Answer>
int answer_jobs(const char* program, int argc, char** argv, const Answer& answer) {
  if (argc != 2) {
    std::cerr << "usage: " << program << " JOBS.txt\n";
    return 2;
  }
  std::ifstream jobs(argv[1]);
  if (!jobs) {
    std::cerr << program << ": cannot open " << argv[1] << '\n';
    return 1;
  }
  for (std::string job; std::getline(jobs, job);) {
    try {
      std::cout << answer(job) << '\n';
    } catch (const std::exception& error) {
      std::cout << "error: " << error.what() << '\n';
    }
  }
  return 0;
}

}  // namespace lobule
