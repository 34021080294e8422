#include "image_set.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "lobule/encode.h"
#include "lobule/sha256.h"
#include "parallel_for.h"
#include "temporary_folder.h"

using Catch::Matchers::Contains;
using namespace lobule;

namespace {

Image coloured(int width, int height, int shade) {
  Image image = make_image(width, height);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = static_cast<std::uint8_t>(shade + static_cast<int>(i) % 50);
  return image;
}

/// Forty images of two classes; every tenth is no image.
Dataset write_images(const TemporaryFolder& folder) {
  for (int i = 0; i < 40; ++i) {
    const std::string name = std::string(i % 2 == 0 ? "benign/" : "malignant/") + std::to_string(100 + i) + ".png";
    folder.write(name, i % 10 == 3 ? "no image" : encode_png(coloured(20 + i, 30, 3 * i)));
  }
  return read_dataset(folder.path());
}

InputSpec spec_of(int width, int height) {
  InputSpec spec;
  spec.width = width;
  spec.height = height;
  return spec;
}

}  // namespace

TEST_CASE("Loaded images are those of fit_image, in order, with the unreadable ones left out and named") {
  const TemporaryFolder folder;
  const Dataset dataset = write_images(folder);
  const InputSpec spec = spec_of(24, 16);
  const LoadedImages images = load_images(dataset, all_samples(dataset), spec, 3);
  REQUIRE(images.samples.size() == 36);
  REQUIRE(images.failures.size() == 4);
  for (const LoadFailure& failure : images.failures) CHECK_THAT(failure.cause, Catch::Matchers::StartsWith(dataset.samples[failure.sample].path + ": "));
  for (std::size_t i = 0; i < images.samples.size(); ++i) {
    const Sample& sample = dataset.samples[images.samples[i]];
    const Image image = read_image(sample.file, sample.path);
    REQUIRE(images.image(i).rgb == fit_image(image, spec).rgb);
    REQUIRE(images.pixel_sha256[i] == pixel_sha256(image));
  }
}

TEST_CASE("The number of threads changes nothing in what is loaded") {
  const TemporaryFolder folder;
  const Dataset dataset = write_images(folder);
  const LoadedImages one = load_images(dataset, all_samples(dataset), spec_of(24, 16), 1);
  for (const int threads : {0, 2, 7}) {
    const LoadedImages many = load_images(dataset, all_samples(dataset), spec_of(24, 16), threads);
    REQUIRE(many.samples == one.samples);
    for (std::size_t i = 0; i < one.samples.size(); ++i) REQUIRE(many.image(i).rgb == one.image(i).rgb);
    REQUIRE(many.perceptual_hashes == one.perceptual_hashes);
    REQUIRE(many.pixel_sha256 == one.pixel_sha256);
    REQUIRE(hash_images(dataset, threads).pixel_sha256 == one.pixel_sha256);
  }
}

TEST_CASE("Unreadable images end a run above the allowed share, at it they do not") {
  const std::vector<LoadFailure> failures(4, {0, "x.png: cause"});
  CHECK_NOTHROW(report_failures(failures, 40, 0.1));
  CHECK_THROWS_WITH(report_failures(failures, 39, 0.1), Contains("4 of 39 images cannot be read") && Contains("the first: x.png: cause"));
  CHECK_THROWS_WITH(report_failures(failures, 4, 1.0), Contains("4 of 4 images cannot be read"));
  CHECK_NOTHROW(report_failures(std::vector<LoadFailure>{}, 0, 0.0));
}

TEST_CASE("Every index is worked on once, and the first one's failure is the one that is told") {
  for (const int threads : {1, 2, 8}) {
    std::vector<int> calls(1000);
    parallel_for(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
    REQUIRE(calls == std::vector<int>(1000, 1));
    const auto fail = [](std::size_t i) {
      if (i >= 40) throw std::runtime_error("index " + std::to_string(i));
    };
    CHECK_THROWS_WITH(parallel_for(100, threads, fail), "index 40");
  }
}
