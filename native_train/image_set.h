#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "dataset.h"
#include "lobule/image.h"
#include "lobule/preprocess.h"

namespace lobule {

/// Share of unreadable images above which a run ends, unless --max-bad-share says otherwise.
inline constexpr double kMaxBadShare = 0.05;

/// Reads and decodes one file. Throws std::runtime_error "NAME: cause"; name is how the image is called in tables.
Image read_image(const std::filesystem::path& file, const std::string& name);

/// An image that could not be read.
struct LoadFailure {
  std::size_t sample = 0;  // index into Dataset::samples
  std::string cause;       // "breast/x.jpg: JPEG is truncated"
};

/// What is made of an image's file.
struct FittedImage {
  Image image;                        // fit_image of it
  std::string pixel_sha256;           // of it as decoded: equal images have equal hashes
  std::uint64_t perceptual_hash = 0;  // the same: similar images have similar ones
};

/// Throws as read_image does.
FittedImage read_fitted_image(const Sample& sample, const InputSpec& spec);

/// Images at the network's size, before normalisation.
struct LoadedImages {
  int width = 0;                                 // pixels
  int height = 0;                                // pixels
  std::vector<std::size_t> samples;              // index into Dataset::samples of each image that could be read, in the order asked for
  std::vector<const std::uint8_t*> rgb;          // of each image [height, width, 3]: fit_image of it, in `memory`
  std::shared_ptr<const void> memory;            // a block, or a mapped file
  std::vector<std::string> pixel_sha256;         // of each image, as in FittedImage
  std::vector<std::uint64_t> perceptual_hashes;  // the same
  std::vector<LoadFailure> failures;             // in the order asked for

  /// The 3 * width * height bytes of image i, an index into samples.
  std::span<const std::uint8_t> pixels(std::size_t i) const;
  /// Copy of image i, ready for normalise().
  Image image(std::size_t i) const;
};

/// Indices of the samples in one set, ascending; SetName::none gives those in no set.
std::vector<std::size_t> samples_in(const Dataset& dataset, SetName set);
/// 0, 1, ... for all samples.
std::vector<std::size_t> all_samples(const Dataset& dataset);

/// Decodes and fits the chosen samples (indices into dataset.samples) on several threads (0: one per processor). The result does not depend on the
/// number of threads. Never throws for an unreadable image: it is among the failures.
LoadedImages load_images(const Dataset& dataset, std::span<const std::size_t> chosen, const InputSpec& spec, int threads = 0);

/// Pixel hashes of samples, to find the same image under two names.
struct PixelHashes {
  std::vector<std::size_t> samples;       // index into Dataset::samples
  std::vector<std::string> pixel_sha256;  // of each
  std::vector<LoadFailure> failures;
};

/// Decodes every sample for its hash alone; as load_images otherwise.
PixelHashes hash_images(const Dataset& dataset, int threads = 0);
/// The hashes of images that are loaded already.
PixelHashes hashes_of(const LoadedImages& images);

/// path,cause lines of all unreadable images.
std::string failures_csv(const Dataset& dataset, std::span<const LoadFailure> failures);

/// Names the unreadable images on stderr (the first ten, and their count), and throws std::runtime_error with count and first cause when
/// their share of `total` is above max_bad_share, or when none could be read.
void report_failures(std::span<const LoadFailure> failures, std::size_t total, double max_bad_share);
/// The same without naming them: for images that were named before.
void check_bad_share(std::span<const LoadFailure> failures, std::size_t total, double max_bad_share);

}  // namespace lobule
