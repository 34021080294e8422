#include "augmentation_sheet.h"

#include <algorithm>
#include <cmath>

#include "batches.h"
#include "training_setup.h"

namespace lobule {
namespace {

constexpr int kGap = 4;  // pixels between two images
constexpr int kMostWidth = 4096;
constexpr int kMostColumns = 8;
constexpr std::size_t kMostRows = 8;

/// Undoes the normalisation. pixels: [3, height, width] float32.
Image to_image(const torch::Tensor& pixels, const InputSpec& input) {
  Image image = make_image(input.width, input.height);
  const auto value = pixels.accessor<float, 3>();
  std::size_t next = 0;
  for (int y = 0; y < input.height; ++y) {
    for (int x = 0; x < input.width; ++x) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const float level = (value[static_cast<std::int64_t>(channel)][y][x] * input.stddev[channel] + input.mean[channel]) * 255;
        image.rgb[next++] = static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0F, 255.0F)));
      }
    }
  }
  return image;
}

void put(const Image& image, int left, int top, Image& sheet) {
  for (int y = 0; y < image.height; ++y) {
    const auto row = image.rgb.begin() + std::ptrdiff_t{3} * y * image.width;
    std::copy_n(row, std::ptrdiff_t{3} * image.width, sheet.rgb.begin() + std::ptrdiff_t{3} * ((std::ptrdiff_t{top} + y) * sheet.width + left));
  }
}

std::vector<std::size_t> spread_images(std::size_t images) {
  const std::size_t rows = std::min(images, kMostRows);
  std::vector<std::size_t> chosen;
  for (std::size_t row = 0; row < rows; ++row) chosen.push_back((2 * row + 1) * images / (2 * rows));
  return chosen;
}

}  // namespace

Image augmentation_sheet(const TrainOptions& options, const TrainingData& data) {
  const InputSpec& input = data.train.input;
  const std::vector<std::size_t> chosen = spread_images(data.train.labels.size());
  const int columns = std::clamp(kMostWidth / (input.width + kGap), 2, kMostColumns);
  const int rows = static_cast<int>(chosen.size());
  Image sheet = make_image(columns * (input.width + kGap) - kGap, rows * (input.height + kGap) - kGap);
  std::fill(sheet.rgb.begin(), sheet.rgb.end(), std::uint8_t{255});
  for (int column = 0; column < columns; ++column) {
    const std::optional<EpochAugmentation> augmentation = column == 0 ? std::nullopt : plan_epoch(options, data, column).augmentation;
    const Batch batch = BatchStream(data.train, {chosen}, 0, augmentation, 0).next().value();
    for (int row = 0; row < rows; ++row)
      put(to_image(batch.images[row].contiguous(), input), column * (input.width + kGap), row * (input.height + kGap), sheet);
  }
  return sheet;
}

}  // namespace lobule
