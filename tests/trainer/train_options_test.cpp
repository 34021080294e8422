#include "train_options.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "options_difference.h"

using namespace lobule;

TEST_CASE("Training options written as JSON come back the same") {
  TrainOptions options;
  options.network.width = 64;
  options.network.dropout = 0.3;
  options.learning_rate = 3e-4;
  options.class_weights = ClassWeights::balanced;
  options.augment = false;
  options.augmentation.flips = false;
  options.augmentation.zoom = 1.1;
  options.seed = 18446744073709551615ULL;
  const std::string json = to_json(options);
  CHECK(to_json(parse_train_options(json)) == json);
  CHECK(to_json(TrainOptions{}) != json);
}

TEST_CASE("An input size is two numbers within bounds") {
  NetworkOptions network;
  set_input_size("200x100", network);
  CHECK(network.width == 200);
  CHECK(network.height == 100);
  for (const char* text : {"", "200", "200x", "x100", "200x100x3", "8x100", "200x5000", "-200x100", "200 x 100"}) {
    INFO(text);
    CHECK_THROWS_AS(set_input_size(text, network), std::runtime_error);
  }
}

TEST_CASE("The difference between two sets of options names option and both values") {
  TrainOptions before;
  TrainOptions now = before;
  now.batch_size = 8;
  CHECK(options_difference(to_json(before), to_json(now)) == "--batch-size was 32, is now 8");
  CHECK(options_difference(to_json(before), to_json(before)).empty());
}

TEST_CASE("Epochs and patience are no difference: they decide only where a training ends") {
  TrainOptions before;
  TrainOptions now = before;
  now.epochs = 100;
  now.patience = 0;
  CHECK(options_difference(to_json(before), to_json(now)).empty());
}
