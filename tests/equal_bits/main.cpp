// core_manifest LIST.txt: one path a line, one line of hashes each (core_manifest.h) on stdout. *.csv is a table, all else an image.
#include <exception>
#include <fstream>
#include <iostream>
#include <string>

#include "../tools/file_bytes.h"
#include "core_manifest.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: core_manifest LIST.txt\n";
    return 2;
  }
  std::ifstream list(argv[1]);
  if (!list) {
    std::cerr << "core_manifest: cannot open " << argv[1] << '\n';
    return 1;
  }
  try {
    for (std::string path; std::getline(list, path);) {
      const std::string text = lobule::read_bytes(path);
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
      const int size = static_cast<int>(text.size());
      std::cout << (path.ends_with(".csv") ? core_manifest_table(bytes, size) : core_manifest_image(bytes, size)) << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << "core_manifest: " << error.what() << '\n';
    return 1;
  }
}
