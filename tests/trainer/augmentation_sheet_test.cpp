#include "augmentation_sheet.h"

#include <catch2/catch.hpp>

#include "tiny_training.h"

using namespace lobule;

namespace {

std::vector<std::uint8_t> cell(const Image& sheet, int column, int row, const InputSpec& input) {
  std::vector<std::uint8_t> pixels;
  for (int y = 0; y < input.height; ++y) {
    const auto begin = sheet.rgb.begin() + std::ptrdiff_t{3} * ((row * (input.height + 4) + y) * sheet.width + column * (input.width + 4));
    pixels.insert(pixels.end(), begin, begin + std::ptrdiff_t{3} * input.width);
  }
  return pixels;
}

}  // namespace

TEST_CASE("A sheet shows images as they are on the left, and other views of them beside") {
  const TrainingData data = tiny_training_data(60);
  const InputSpec input = tiny_input();
  const Image sheet = augmentation_sheet(TrainOptions{}, data);
  CHECK(sheet.width == 8 * (input.width + 4) - 4);
  CHECK(sheet.height == 8 * (input.height + 4) - 4);
  for (int row = 0; row < 8; ++row) {
    const std::size_t image = data.train.chosen[(2 * static_cast<std::size_t>(row) + 1) * data.train.labels.size() / 16];
    const auto pixels = data.train.images->pixels(image);
    CHECK((cell(sheet, 0, row, input) == std::vector<std::uint8_t>(pixels.begin(), pixels.end())));
    CHECK((cell(sheet, 1, row, input) != cell(sheet, 0, row, input)));
    CHECK((cell(sheet, 1, row, input) != cell(sheet, 2, row, input)));
  }
}

TEST_CASE("A sheet of a training without augmentation shows the same image in every column") {
  const TrainingData data = tiny_training_data(12);
  TrainOptions options;
  options.augment = false;
  const Image sheet = augmentation_sheet(options, data);
  CHECK(sheet.height == 8 * (tiny_input().height + 4) - 4);
  CHECK((cell(sheet, 0, 5, tiny_input()) == cell(sheet, 7, 5, tiny_input())));
}
