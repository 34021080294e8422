// core_manifest LIST.txt: one path a line, one line of hashes each (core_manifest.h) on stdout. *.csv is a table, all else an image.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

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
  for (std::string path; std::getline(list, path);) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      std::cerr << "core_manifest: cannot open " << path << '\n';
      return 1;
    }
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const int size = static_cast<int>(text.size());
    std::cout << (path.ends_with(".csv") ? core_manifest_table(bytes, size) : core_manifest_image(bytes, size)) << '\n';
  }
}
