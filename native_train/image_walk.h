#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lobule {

struct ImageFiles {
  std::vector<std::string> paths;  // relative to the folder, '/' as separator, UTF-8, sorted byte by byte (no locale)
  std::size_t ignored = 0;         // other files, and hidden ones
};

/// By its extension, in any case: .png, .jpg, .jpeg, .bmp; and .tif, .tiff, so that a TIFF is named as unreadable instead of passed over in silence.
bool has_image_extension(std::string_view path);

/// All images in a folder and those below it. Links to folders are followed, each real folder is visited once (a loop of links ends). Throws
/// std::runtime_error naming the folder that cannot be read, or a file name that is not UTF-8.
ImageFiles find_images(const std::filesystem::path& folder);

}  // namespace lobule
