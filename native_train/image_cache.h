#pragma once

#include <filesystem>
#include <optional>
#include <span>

#include "dataset.h"
#include "image_set.h"
#include "lobule/preprocess.h"

namespace lobule {

/// Raised whenever decoding, fit_image or the perceptual hash give other bytes than before: older cache files are then not looked at.
inline constexpr int kImageCacheVersion = 1;

/// $XDG_CACHE_HOME/lobule/images, or ~/.cache/lobule/images; nothing where neither variable is set.
std::optional<std::filesystem::path> default_image_cache();

/// load_images through one file in `folder` for each data set (its root) and shape of input, mapped into memory: images are decoded when their file is new or has
/// another size or modification time than when it was decoded, all others come as bytes. Unreadable ones are tried again each time. Whole or not there: a
/// new file replaces the old one at once, and processes that build at the same time wait for each other. On opening, digest, sizes and the checksum of each
/// image are verified by reading the file once; a damaged one is built anew. Where the folder cannot be used the images stay in memory. All of that is
/// said on stderr, and none of it changes what is loaded.
LoadedImages load_cached_images(const Dataset& dataset, std::span<const std::size_t> chosen, const InputSpec& spec, const std::filesystem::path& folder,
                                int threads = 0);

}  // namespace lobule
