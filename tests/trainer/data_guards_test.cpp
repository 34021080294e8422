#include "data_guards.h"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <iostream>
#include <set>
#include <sstream>

#include "lobule/model_package.h"
#include "lobule/resize.h"
#include "perceptual_hash.h"

using Catch::Matchers::Contains;
using namespace lobule;

namespace {

/// What a call says on stderr.
template <typename Call>
std::string said(const Call& call) {
  std::ostringstream captured;
  std::streambuf* const before = std::cerr.rdbuf(captured.rdbuf());
  try {
    call();
  } catch (...) {
    std::cerr.rdbuf(before);
    throw;
  }
  std::cerr.rdbuf(before);
  return captured.str();
}

std::size_t lines_of(const std::string& text) { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); }

Image mirrored(const Image& image) {
  Image result = make_image(image.width, image.height);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        result.rgb[static_cast<std::size_t>(3 * (y * image.width + x) + c)] =
            image.rgb[static_cast<std::size_t>(3 * (y * image.width + image.width - 1 - x) + c)];
      }
    }
  }
  return result;
}

Image transposed(const Image& image) {
  Image result = make_image(image.height, image.width);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < 3; ++c) {
        result.rgb[static_cast<std::size_t>(3 * (x * image.height + y) + c)] = image.rgb[static_cast<std::size_t>(3 * (y * image.width + x) + c)];
      }
    }
  }
  return result;
}

int distance(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b); }

/// One sample a hash, in the sets train, val, test in turn.
struct Hashed {
  Dataset dataset;
  LoadedImages images;

  explicit Hashed(const std::vector<std::uint64_t>& hashes) {
    constexpr SetName kSets[] = {SetName::train, SetName::val, SetName::test};
    dataset.root = "root";
    dataset.class_names = {"benign", "malignant"};
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      Sample sample;
      sample.path = std::to_string(i) + ".png";
      sample.set = kSets[i % 3];
      dataset.samples.push_back(sample);
      images.samples.push_back(i);
    }
    images.perceptual_hashes = hashes;
  }
};

Dataset labelled(const std::vector<std::pair<std::string, int>>& images) {
  Dataset dataset;
  dataset.root = "root";
  dataset.class_names = {"benign", "malignant"};
  for (const auto& [path, label] : images) {
    Sample sample;
    sample.path = path;
    sample.label = label;
    dataset.samples.push_back(sample);
  }
  return dataset;
}

}  // namespace

TEST_CASE("A perceptual hash hardly changes with an image's size, and wholly with the image") {
  const Image image = golden_image(1, 300, 200);
  const std::uint64_t hash = perceptual_hash(image);
  CHECK(distance(hash, perceptual_hash(resize_image(image, 150, 100, ResizeFilter::bilinear))) <= 2);
  CHECK(distance(hash, perceptual_hash(golden_image(2, 300, 200))) > 12);
}

TEST_CASE("Hashes of an image's orientations are the hashes of its orientations") {
  const Image image = golden_image(3, 320, 192);  // sides of whole boxes: no rounding differs
  const auto all = orientations_of(perceptual_hash(image));
  CHECK(std::set<std::uint64_t>(all.begin(), all.end()).size() == 8);
  CHECK(perceptual_hash(mirrored(image)) == all[1]);
  CHECK(perceptual_hash(transposed(image)) == all[4]);
  CHECK(perceptual_hash(transposed(mirrored(transposed(image)))) == all[2]);
}

TEST_CASE("An even image has no perceptual hash") {
  Image image = make_image(50, 40);
  for (std::uint8_t& sample : image.rgb) sample = 240;
  CHECK(perceptual_hash(image) == 0);
  CHECK(near_duplicates(Hashed({0, 0, 0}).dataset, Hashed({0, 0, 0}).images).empty());
}

TEST_CASE("Near duplicates are found across sets, in every orientation, within the distance") {
  const std::uint64_t hash = perceptual_hash(golden_image(1, 300, 200));
  for (const std::uint64_t turned : orientations_of(hash)) {
    for (const int bits : {0, 3, 7, 8}) {
      std::uint64_t changed = turned;
      for (int i = 0; i < bits; ++i) changed ^= std::uint64_t{1} << (i * 9 % 64);  // a bit of each byte: the index must still find it
      const Hashed pair({hash, changed});
      const auto found = near_duplicates(pair.dataset, pair.images);
      REQUIRE(found.size() == (bits <= 7 ? 1U : 0U));
      if (bits > 7) continue;
      CHECK(found[0].first == 0);
      CHECK(found[0].second == 1);
      CHECK(found[0].distance == bits);
    }
  }
}

TEST_CASE("Images of one set, and of none, are no near duplicates of each other") {
  Hashed same({5, 5, 5, 5});  // train, val, test, train
  CHECK(near_duplicates(same.dataset, same.images).size() == 5);
  same.dataset.samples[1].set = SetName::none;
  CHECK(near_duplicates(same.dataset, same.images).size() == 2);
}

TEST_CASE("Ten near duplicates are named, and the others counted") {
  const Hashed many(std::vector<std::uint64_t>(9, 5));  // 27 pairs
  const std::string text = said([&] { warn_of_near_duplicates(many.dataset, many.images); });
  CHECK_THAT(text, Contains("near duplicate: 0.png (train) and 1.png (val), distance 0 of 64\n") && Contains("and 17 more pairs"));
  CHECK(lines_of(text) == 12);
  const Hashed none({5, 5});
  Hashed one_set = none;
  one_set.dataset.samples[1].set = SetName::train;
  CHECK(said([&] { warn_of_near_duplicates(one_set.dataset, one_set.images); }).empty());
}

TEST_CASE("Labels that contradict the names of files or folders are listed and refused") {
  const std::string benign_file = "x/SOB_B_A-14-22549AB-100-001.png";
  CHECK_NOTHROW(check_labels_against_names(labelled({{benign_file, 0}, {"malignant/a.png", 1}, {"b.png", 1}, {"8863_idx5_x51_y1251_class0.png", 1}})));
  CHECK_THROWS_WITH(check_labels_against_names(labelled({{benign_file, 1}})),
                    Contains("1 labels contradict") && Contains(benign_file + " is labelled malignant, its name says benign") && Contains("--trust-labels"));
  CHECK_THROWS_WITH(check_labels_against_names(labelled({{"Malignant/a.png", 0}})), Contains("Malignant/a.png is labelled benign"));
  const std::vector<std::pair<std::string, int>> wrong(13, {benign_file, 1});
  const std::string text = said([&] { CHECK_THROWS(check_labels_against_names(labelled(wrong))); });
  CHECK(lines_of(text) == 11);
  CHECK_THAT(text, Contains("label: and 3 more"));
}

TEST_CASE("A class with one image to validate by and a batch larger than the training set are told, others are not") {
  const std::vector<std::int64_t> four = {0, 0, 1, 1};
  const std::vector<std::int64_t> three = {0, 1, 1};
  const std::vector<std::string> classes = {"benign", "malignant"};
  CHECK(said([&] { warn_of_small_sets(four, four, classes, 4); }).empty());
  CHECK_THAT(said([&] { warn_of_small_sets(four, three, classes, 4); }), Contains("single image of class benign") && !Contains("malignant"));
  CHECK_THAT(said([&] { warn_of_small_sets(three, four, classes, 4); }), Contains("--batch-size 4 is more than the 3 training images"));
}
