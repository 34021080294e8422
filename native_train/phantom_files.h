#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "phantom.h"

namespace lobule {

/// The data set's README.md: says that it is synthetic, and with which options it was made. A pure function of the options.
std::string phantom_card(const PhantomOptions& options);

/// Draws the data set into a folder: README.md first, then the images, manifest.csv last. `drawn(done, total)` is called after each image, from any thread
/// but one at a time. The bytes do not depend on `threads` (0: one per processor). A folder that holds anything is refused, but for one that holds
/// this very data set: it is drawn again. Throws std::runtime_error naming the file or folder and the cause.
void write_phantoms(const PhantomOptions& options, const std::filesystem::path& out_dir, int threads,
                    const std::function<void(std::size_t, std::size_t)>& drawn);

}  // namespace lobule
