#include "train_options.h"

#include <catch2/catch.hpp>
#include <map>
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
  options.weights = "imagenet";
  options.accumulate = 4;
  options.optimizer = OptimizerKind::adamw;
  options.schedule = Schedule::cosine;
  options.warmup_epochs = 0.5;
  options.layer_decay = 0.75;
  options.freeze_stages = 2;
  options.label_smoothing = 0.1;
  options.weight_average = 0.99;
  options.tuned_share = 0.25;
  options.half_weights = true;
  options.with_patients = true;
  options.clip_norm = 3;
  options.precision = Precision::bfloat16;
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

TEST_CASE("What shapes the result alone is no difference, nor are epochs, unless a schedule is drawn over them") {
  TrainOptions before;
  TrainOptions now = before;
  now.epochs = 100;
  now.patience = 0;
  now.tuned_share = 0.5;
  now.half_weights = true;
  now.with_patients = true;
  CHECK(options_difference(to_json(before), to_json(now)).empty());
  before.schedule = now.schedule = Schedule::cosine;
  CHECK(options_difference(to_json(before), to_json(now)) == "--epochs was 20, is now 100");
}

TEST_CASE("Options that a text leaves out are the network's own") {
  CHECK(to_json(parse_train_options("{}")) == to_json(TrainOptions{}));
  const TrainOptions tuned = parse_train_options(R"({"network":"efficientnet_lite0","epochs":3})");
  CHECK(tuned.network.width == 336);
  CHECK(tuned.weights == "imagenet");
  CHECK(tuned.optimizer == OptimizerKind::adamw);
  CHECK(tuned.epochs == 3);
}

TEST_CASE("Options that are not known, of a wrong type or out of bounds are refused by name") {
  for (const auto& [text, word] : std::map<std::string, std::string>{{R"({"speed":1})", "speed"},
                                                                     {R"({"optimizer":"sgd"})", "sgd"},
                                                                     {R"({"weights":"coco"})", "weights"},
                                                                     {R"({"lr":0})", "lr"},
                                                                     {R"({"epochs":"many"})", "string"},
                                                                     {R"({"accumulate":64})", "accumulate"},
                                                                     {R"({"weight-average":1})", "weight-average"},
                                                                     {"[", "parse"}}) {
    INFO(text);
    CHECK_THROWS_WITH(parse_train_options(text), Catch::Matchers::Contains(word));
  }
}
