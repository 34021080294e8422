// What a limit of the perceptual hash's distance takes for one image: a line for each limit with the pairs of different patients within it, and the share of images
// that are still found after each change.
//   near_duplicate_table DATA
#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <exception>
#include <functional>
#include <utility>
#include <vector>

#include "image_set.h"
#include "lobule/resize.h"
#include "parallel_for.h"
#include "perceptual_hash.h"

namespace {

using namespace lobule;

constexpr std::size_t kLimits = 17;
using Counts = std::array<std::size_t, kLimits>;  // of each limit

int best_distance(const std::array<std::uint64_t, 8>& orientations, std::uint64_t hash) {
  int best = 64;
  for (const std::uint64_t turned : orientations) best = std::min(best, std::popcount(turned ^ hash));
  return best;
}

void count(int distance, Counts& counts) {
  for (std::size_t limit = static_cast<std::size_t>(distance); limit < kLimits; ++limit) ++counts[limit];
}

Image part_of(const Image& image, int percent) {
  const PixelBox box = {image.width * percent / 100, image.height * percent / 100, image.width - image.width * percent / 50,
                        image.height - image.height * percent / 50};
  return resize_image(image, box, box.width, box.height, ResizeFilter::bilinear);
}

Image brighter(Image image) {
  for (std::uint8_t& sample : image.rgb) sample = static_cast<std::uint8_t>(std::min(255, sample * 6 / 5 + 10));
  return image;
}

const std::vector<std::pair<const char*, std::function<Image(const Image&)>>> kChanges = {
    {"half size", [](const Image& image) { return resize_image(image, image.width / 2, image.height / 2, ResizeFilter::bilinear); }},
    {"a tenth", [](const Image& image) { return resize_image(image, image.width / 10, image.height / 10, ResizeFilter::bilinear); }},
    {"brighter", brighter},
    {"1 % cut off", [](const Image& image) { return part_of(image, 1); }},
    {"3 % cut off", [](const Image& image) { return part_of(image, 3); }},
};

void print_table(const Dataset& dataset) {
  const std::size_t images = dataset.samples.size();
  std::vector<std::uint64_t> hashes(images);
  std::vector<std::vector<int>> after_change(images);
  parallel_for(images, 0, [&](std::size_t i) {
    const Image image = read_image(dataset.samples[i].file, dataset.samples[i].path);
    hashes[i] = perceptual_hash(image);
    for (const auto& [name, change] : kChanges) after_change[i].push_back(best_distance(orientations_of(hashes[i]), perceptual_hash(change(image))));
  });
  Counts strangers{};
  std::size_t pairs = 0;
  std::vector<Counts> found(kChanges.size());
  for (std::size_t i = 0; i < images; ++i) {
    for (std::size_t change = 0; change < kChanges.size(); ++change) count(after_change[i][change], found[change]);
    const auto orientations = orientations_of(hashes[i]);
    for (std::size_t k = 0; k < i; ++k) {
      if (dataset.samples[i].patient == dataset.samples[k].patient) continue;
      ++pairs;
      count(best_distance(orientations, hashes[k]), strangers);
    }
  }
  std::printf("%zu images, %zu pairs of different patients\n%-6s %10s", images, pairs, "limit", "pairs");
  for (const auto& [name, change] : kChanges) std::printf(" %12s", name);
  for (std::size_t limit = 0; limit < kLimits; ++limit) {
    std::printf("\n%-6zu %10zu", limit, strangers[limit]);
    for (const Counts& counts : found) std::printf(" %10.2f %%", 100.0 * static_cast<double>(counts[limit]) / static_cast<double>(images));
  }
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) {
      std::fprintf(stderr, "usage: near_duplicate_table DATA\n");
      return 2;
    }
    print_table(read_dataset(argv[1]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "near_duplicate_table: %s\n", error.what());
    return 1;
  }
}
