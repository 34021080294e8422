#include "image_walk.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <system_error>

#include "utf8.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

class Walk {
 public:
  explicit Walk(const fs::path& root) : root_(root) {}

  ImageFiles run() {
    visit(root_, "");
    std::sort(files_.paths.begin(), files_.paths.end());
    return std::move(files_);
  }

 private:
  void visit(const fs::path& folder, const std::string& prefix) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error) refuse(folder, error);
    if (!visited_.insert(real.native()).second) return;

    std::vector<std::string> names;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      names.push_back(entry->path().filename().native());
    }
    if (error) refuse(folder, error);
    std::sort(names.begin(), names.end());  // which of two links to one folder counts must not depend on the file system

    for (const std::string& name : names) {
      const fs::path path = folder / name;
      if (name.starts_with('.')) {  // "._x.png" beside x.png is what macOS leaves on foreign disks
        ++files_.ignored;
      } else if (fs::is_directory(path, error)) {  // false for a broken link
        visit(path, prefix + name + "/");
      } else if (!has_image_extension(name)) {
        ++files_.ignored;
      } else if (!is_utf8(prefix + name)) {
        throw std::runtime_error(path.string() + ": the name is not UTF-8; rename the file");
      } else {
        files_.paths.push_back(prefix + name);
      }
    }
  }

  [[noreturn]] static void refuse(const fs::path& folder, const std::error_code& error) {
    throw std::runtime_error(folder.string() + ": cannot read the folder: " + error.message());
  }

  fs::path root_;
  std::set<std::string> visited_;  // canonical paths
  ImageFiles files_;
};

}  // namespace

bool has_image_extension(std::string_view path) {
  const std::size_t dot = path.find_last_of("./");
  if (dot == std::string_view::npos || path[dot] != '.') return false;
  std::string extension(path.substr(dot + 1));
  for (char& letter : extension) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  constexpr std::array<std::string_view, 6> kExtensions = {"png", "jpg", "jpeg", "bmp", "tif", "tiff"};
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

ImageFiles find_images(const fs::path& folder) { return Walk(folder).run(); }

}  // namespace lobule
