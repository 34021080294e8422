#include "image_set.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "atomic_file.h"
#include "lobule/decode.h"
#include "lobule/number_text.h"
#include "lobule/sha256.h"
#include "parallel_for.h"

namespace lobule {

Image read_image(const std::filesystem::path& file, const std::string& name) {
  std::string bytes;
  try {
    bytes = read_file(file);
  } catch (const std::runtime_error& error) {
    // read_file names the file as it lies on this machine; tables know it by its name in the data set.
    const std::string own = file.string() + ": ";
    const std::string message = error.what();
    throw std::runtime_error(name + ": " + (message.starts_with(own) ? message.substr(own.size()) : message));
  }
  try {
    return decode_image(std::as_bytes(std::span(bytes)));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(name + ": " + error.what());
  }
}

std::span<const std::uint8_t> LoadedImages::pixels(std::size_t i) const {
  const std::size_t size = std::size_t{3} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  return std::span(rgb).subspan(i * size, size);
}

Image LoadedImages::image(std::size_t i) const {
  const auto bytes = pixels(i);
  return {width, height, {bytes.begin(), bytes.end()}};
}

std::vector<std::size_t> samples_in(const Dataset& dataset, SetName set) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    if (dataset.samples[i].set == set) chosen.push_back(i);
  }
  return chosen;
}

std::vector<std::size_t> all_samples(const Dataset& dataset) {
  std::vector<std::size_t> chosen(dataset.samples.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) chosen[i] = i;
  return chosen;
}

LoadedImages load_images(const Dataset& dataset, std::span<const std::size_t> chosen, const InputSpec& spec, int threads) {
  LoadedImages images;
  images.width = spec.width;
  images.height = spec.height;
  const std::size_t size = std::size_t{3} * static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.height);
  images.rgb.resize(size * chosen.size());
  std::vector<std::string> hashes(chosen.size());
  std::vector<std::string> causes(chosen.size());  // empty: it could be read

  parallel_for(chosen.size(), threads, [&](std::size_t i) {
    const Sample& sample = dataset.samples[chosen[i]];
    try {
      const Image image = read_image(sample.file, sample.path);
      hashes[i] = pixel_sha256(image);
      const Image fitted = fit_image(image, spec);
      std::copy(fitted.rgb.begin(), fitted.rgb.end(), images.rgb.begin() + static_cast<std::ptrdiff_t>(i * size));
    } catch (const std::runtime_error& error) {
      causes[i] = error.what();
    }
  });

  // Each image was written to its own place, so that threads never met; now the gaps that unreadable ones left are closed.
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!causes[i].empty()) {
      images.failures.push_back({chosen[i], causes[i]});
      continue;
    }
    const std::size_t place = images.samples.size();
    if (place != i)
      std::copy_n(images.rgb.begin() + static_cast<std::ptrdiff_t>(i * size), size, images.rgb.begin() + static_cast<std::ptrdiff_t>(place * size));
    images.samples.push_back(chosen[i]);
    images.pixel_sha256.push_back(std::move(hashes[i]));
  }
  images.rgb.resize(images.samples.size() * size);
  return images;
}

PixelHashes hash_images(const Dataset& dataset, int threads) {
  const std::size_t count = dataset.samples.size();
  std::vector<std::string> hashes(count);
  std::vector<std::string> causes(count);
  parallel_for(count, threads, [&](std::size_t i) {
    try {
      hashes[i] = pixel_sha256(read_image(dataset.samples[i].file, dataset.samples[i].path));
    } catch (const std::runtime_error& error) {
      causes[i] = error.what();
    }
  });
  PixelHashes result;
  for (std::size_t i = 0; i < count; ++i) {
    if (causes[i].empty()) {
      result.samples.push_back(i);
      result.pixel_sha256.push_back(std::move(hashes[i]));
    } else {
      result.failures.push_back({i, causes[i]});
    }
  }
  return result;
}

PixelHashes hashes_of(const LoadedImages& images) { return {images.samples, images.pixel_sha256, images.failures}; }

void report_failures(std::span<const LoadFailure> failures, std::size_t total, double max_bad_share) {
  if (failures.empty()) return;
  constexpr std::size_t kNamed = 10;
  for (std::size_t i = 0; i < std::min(kNamed, failures.size()); ++i) std::cerr << "unreadable: " << failures[i].cause << '\n';
  if (failures.size() > kNamed) std::cerr << "unreadable: and " << failures.size() - kNamed << " more\n";
  const std::string counted = std::to_string(failures.size()) + " of " + std::to_string(total) + " images cannot be read";
  if (failures.size() == total) throw std::runtime_error(counted + "; the first: " + failures.front().cause);
  if (static_cast<double>(failures.size()) > max_bad_share * static_cast<double>(total)) {
    throw std::runtime_error(counted + ", more than the allowed share of " + shortest(max_bad_share) +
                             " (--max-bad-share); the first: " + failures.front().cause);
  }
  std::cerr << counted << "; going on without them\n";
}

void report_failures(const LoadedImages& images, double max_bad_share) {
  report_failures(images.failures, images.samples.size() + images.failures.size(), max_bad_share);
}

}  // namespace lobule
