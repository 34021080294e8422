#include "batches.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "lobule/preprocess.h"
#include "lobule/sha256.h"
#include "tiny_training.h"

using namespace lobule;

namespace {

std::vector<std::size_t> flattened(const BatchPlan& plan) {
  std::vector<std::size_t> order;
  for (const auto& batch : plan) order.insert(order.end(), batch.begin(), batch.end());
  return order;
}

/// Hash over all batches of a stream.
std::string stream_hash(const TrainingData& data, int threads, std::size_t first = 0) {
  EpochAugmentation augmentation;
  augmentation.seed = 3;
  augmentation.epoch = 2;
  BatchStream stream(data.train, shuffled_batches(data.train.labels.size(), 5, 3, 2), first, augmentation, threads);
  Sha256 hash;
  while (const auto batch = stream.next()) {
    const torch::Tensor images = batch->images.contiguous();
    hash.update(std::string_view(static_cast<const char*>(images.const_data_ptr()), images.nbytes()));
    hash.update(std::string_view(static_cast<const char*>(batch->labels.const_data_ptr()), batch->labels.nbytes()));
  }
  return hash.finish_hex();
}

}  // namespace

TEST_CASE("Every image is in exactly one batch of an epoch") {
  for (const int batch_size : {1, 7, 32, 100, 1000}) {
    INFO(batch_size);
    std::vector<std::size_t> order = flattened(shuffled_batches(100, batch_size, 1, 1));
    std::sort(order.begin(), order.end());
    CHECK(order == flattened(ordered_batches(100, batch_size)));
    CHECK(order.size() == 100);
  }
}

TEST_CASE("Batches of an epoch differ in size by one image at most, and none is larger than asked for") {
  const BatchPlan plan = ordered_batches(33, 32);
  REQUIRE(plan.size() == 2);
  CHECK(plan[0].size() == 16);
  CHECK(plan[1].size() == 17);
}

TEST_CASE("The order of an epoch follows from seed and epoch alone") {
  CHECK(shuffled_batches(50, 8, 1, 1) == shuffled_batches(50, 8, 1, 1));
  CHECK(shuffled_batches(50, 8, 1, 1) != shuffled_batches(50, 8, 1, 2));
  CHECK(shuffled_batches(50, 8, 1, 1) != shuffled_batches(50, 8, 2, 1));
}

TEST_CASE("Batches do not depend on the number of threads that make them") {
  const TrainingData data = tiny_training_data(60);
  const std::string one = stream_hash(data, 1);
  CHECK(stream_hash(data, 0) == one);
  CHECK(stream_hash(data, 2) == one);
  CHECK(stream_hash(data, 7) == one);
  CHECK(stream_hash(data, 1, 1) != one);  // the hash sees the images: without the first batch it is another one
}

TEST_CASE("A batch without augmentation holds the normalised pixels and the labels") {
  const TrainingData data = tiny_training_data(12);
  BatchStream stream(data.val, ordered_batches(data.val.labels.size(), 3), 0, std::nullopt, 2);
  std::size_t index = 0;
  while (const auto batch = stream.next()) {
    for (std::int64_t i = 0; i < batch->labels.size(0); ++i, ++index) {
      const std::vector<float> expected = normalise(data.val.images->image(data.val.chosen[index]), data.val.input);
      const torch::Tensor image = batch->images[i].contiguous();
      CHECK(std::equal(expected.begin(), expected.end(), image.const_data_ptr<float>()));
      CHECK(batch->labels[i].item<std::int64_t>() == data.val.labels[index]);
    }
  }
  CHECK(index == data.val.labels.size());
}

TEST_CASE("A stream that nobody reads to its end stops its threads") {
  const TrainingData data = tiny_training_data(60);
  BatchStream stream(data.train, ordered_batches(data.train.labels.size(), 1), 0, std::nullopt, 3);
  CHECK(stream.next().has_value());
}

TEST_CASE("What goes wrong on a loader thread reaches the reader") {
  TrainingData data = tiny_training_data(12);
  data.val.chosen.pop_back();  // the last label has no image
  for (const int threads : {0, 2}) {
    BatchStream stream(data.val, {{0}, {data.val.labels.size() - 1}}, 0, std::nullopt, threads);
    const auto read_all = [&] {
      while (stream.next()) continue;
    };
    CHECK_THROWS_AS(read_all(), std::out_of_range);
  }
}

TEST_CASE("Images of another size than the input's are our own mistake") {
  TrainingData data = tiny_training_data(12);
  data.val.input.width += 1;
  CHECK_THROWS_AS(BatchStream(data.val, ordered_batches(data.val.labels.size(), 2), 0, std::nullopt, 2), std::logic_error);
}
