#include "image_set.h"

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include "atomic_file.h"
#include "lobule/csv.h"
#include "lobule/decode.h"
#include "lobule/number_text.h"
#include "lobule/sha256.h"
#include "parallel_for.h"
#include "perceptual_hash.h"

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

FittedImage read_fitted_image(const Sample& sample, const InputSpec& spec) {
  const Image image = read_image(sample.file, sample.path);
  return {fit_image(image, spec), pixel_sha256(image), perceptual_hash(image)};
}

std::span<const std::uint8_t> LoadedImages::pixels(std::size_t i) const {
  return {rgb.at(i), std::size_t{3} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height)};
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
  const auto block = std::make_shared<std::vector<std::uint8_t>>(size * chosen.size());
  std::vector<FittedImage> facts(chosen.size());   // without the pixels
  std::vector<std::string> causes(chosen.size());  // empty: it could be read

  parallel_for(chosen.size(), threads, [&](std::size_t i) {
    try {
      FittedImage fitted = read_fitted_image(dataset.samples[chosen[i]], spec);
      std::copy(fitted.image.rgb.begin(), fitted.image.rgb.end(), block->begin() + static_cast<std::ptrdiff_t>(i * size));
      facts[i] = {{}, std::move(fitted.pixel_sha256), fitted.perceptual_hash};
    } catch (const std::runtime_error& error) {
      causes[i] = error.what();
    }
  });

  // Each image was written to its own place, so that threads never met; what unreadable ones would have taken stays empty.
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (!causes[i].empty()) {
      images.failures.push_back({chosen[i], causes[i]});
      continue;
    }
    images.samples.push_back(chosen[i]);
    images.rgb.push_back(block->data() + i * size);
    images.pixel_sha256.push_back(std::move(facts[i].pixel_sha256));
    images.perceptual_hashes.push_back(facts[i].perceptual_hash);
  }
  images.memory = block;
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

std::string failures_csv(const Dataset& dataset, std::span<const LoadFailure> failures) {
  std::string text = csv_line({"path", "cause"});
  for (const LoadFailure& failure : failures) {
    const std::string& path = dataset.samples[failure.sample].path;
    const bool named = failure.cause.starts_with(path + ": ");
    text += csv_line({path, named ? failure.cause.substr(path.size() + 2) : failure.cause});
  }
  return text;
}

void report_failures(std::span<const LoadFailure> failures, std::size_t total, double max_bad_share) {
  if (failures.empty()) return;
  constexpr std::size_t kNamed = 10;
  for (std::size_t i = 0; i < std::min(kNamed, failures.size()); ++i) std::cerr << "unreadable: " << failures[i].cause << '\n';
  if (failures.size() > kNamed) std::cerr << "unreadable: and " << failures.size() - kNamed << " more\n";
  check_bad_share(failures, total, max_bad_share);
  std::cerr << failures.size() << " of " << total << " images cannot be read; going on without them\n";
}

void check_bad_share(std::span<const LoadFailure> failures, std::size_t total, double max_bad_share) {
  if (failures.empty()) return;
  const std::string counted = std::to_string(failures.size()) + " of " + std::to_string(total) + " images cannot be read";
  if (failures.size() == total) throw std::runtime_error(counted + "; the first: " + failures.front().cause);
  if (static_cast<double>(failures.size()) > max_bad_share * static_cast<double>(total)) {
    throw std::runtime_error(counted + ", more than the allowed share of " + shortest(max_bad_share) +
                             " (--max-bad-share); the first: " + failures.front().cause);
  }
}

}  // namespace lobule
