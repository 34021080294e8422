#include "training.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "atomic_file.h"
#include "device.h"
#include "lobule/history.h"
#include "run_folder.h"
#include "seed_cnn.h"
#include "temporary_folder.h"
#include "tiny_training.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

TrainOptions tiny_options() {
  TrainOptions options;
  options.epochs = 3;
  options.batch_size = 6;
  options.learning_rate = 1e-2;
  options.patience = 0;
  return options;
}

TrainingSite site_of(const TemporaryFolder& folder, int loader_threads = 1) {
  create_folder(folder.path() / "checkpoints");
  return {folder.path(), choose_device("cpu"), loader_threads};
}

/// Header and lines of the epochs are for people; here they would bury the tests' own report.
TrainingEnd train_quietly(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site) {
  struct QuietStderr {
    std::streambuf* buffer = std::cerr.rdbuf(nullptr);
    ~QuietStderr() {
      std::cerr.rdbuf(buffer);
      std::cerr.clear();
    }
  } const quiet;
  torch::set_num_threads(1);  // for so little work two only wait for each other
  return run_training(options, data, network, site);
}

std::string trained_hash(const TrainOptions& options, const TrainingData& data, int loader_threads = 1) {
  const TemporaryFolder folder;
  const auto network = make_tiny_network();
  REQUIRE(train_quietly(options, data, *network, site_of(folder, loader_threads)) == TrainingEnd::done);
  return weights_sha256(*network);
}

/// A network that sends the program an interruption during its forward pass number `when`, training or validation.
class InterruptingNetwork : public TinyNetwork {
 public:
  explicit InterruptingNetwork(int when) : when_(when) {}
  torch::Tensor forward(const torch::Tensor& nchw) override {
    if (++passes_ == when_) std::raise(SIGTERM);
    return TinyNetwork::forward(nchw);
  }

 private:
  int when_;
  int passes_ = 0;
};

std::string history_without_times(const std::filesystem::path& run_dir) {
  std::string text;
  for (EpochRecord record : parse_history(read_file(run_dir / run_file::kHistory))) {
    record.seconds = 0;
    record.images_per_second = 0;
    text += to_json_line(record) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("Training lowers the loss and keeps a line of history for each epoch") {
  const TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.epochs = 8;
  const auto network = make_tiny_network();
  REQUIRE(train_quietly(options, tiny_training_data(60), *network, site_of(folder)) == TrainingEnd::done);
  const auto history = parse_history(read_file(folder.path() / run_file::kHistory));
  REQUIRE(history.size() == 8);
  CHECK(history.back().val->loss < history.front().val->loss);
  CHECK(history.front().best);
}

TEST_CASE("Ten trainings of one seed give one set of weights, another seed another") {
  const TrainingData data = tiny_training_data(30);
  TrainOptions options = tiny_options();
  const std::string hash = trained_hash(options, data);
  for (int i = 0; i < 9; ++i) CHECK(trained_hash(options, data) == hash);
  options.seed = 2;
  CHECK(trained_hash(options, data) != hash);
}

TEST_CASE("The trained weights do not depend on the number of loader threads") {
  const TrainingData data = tiny_training_data(30);
  CHECK(trained_hash(tiny_options(), data, 1) == trained_hash(tiny_options(), data, 4));
}

TEST_CASE("A training interrupted at any step and resumed ends with the weights and the history of one that was not") {
  const TrainingData data = tiny_training_data(36);  // 4 training steps and 1 batch of validation an epoch
  const TrainOptions options = tiny_options();
  const TemporaryFolder whole;
  const auto uninterrupted = make_tiny_network();
  REQUIRE(train_quietly(options, data, *uninterrupted, site_of(whole)) == TrainingEnd::done);

  for (int when = 1; when <= 15; ++when) {  // at the last one a validation is not whole, so its epoch is not either
    INFO("interrupted at forward pass " << when);
    const TemporaryFolder folder;
    torch::manual_seed(1);
    InterruptingNetwork first(when);
    REQUIRE(train_quietly(options, data, first, site_of(folder)) == TrainingEnd::interrupted);
    const auto resumed = make_tiny_network(99);  // all its weights must come from the checkpoint
    REQUIRE(train_quietly(options, data, *resumed, site_of(folder)) == TrainingEnd::done);
    CHECK(weights_sha256(*resumed) == weights_sha256(*uninterrupted));
    CHECK(history_without_times(folder.path()) == history_without_times(whole.path()));
    CHECK(read_file(folder.path() / run_file::kBestWeights) == read_file(whole.path() / run_file::kBestWeights));
  }
}

TEST_CASE("A training that had stopped early does not go on when it is resumed") {
  const TemporaryFolder folder;
  const TrainingData data = tiny_training_data(30);
  TrainOptions options = tiny_options();
  options.epochs = 40;
  options.learning_rate = 0.5;  // too high to get better for long
  options.patience = 2;
  const auto network = make_tiny_network();
  REQUIRE(train_quietly(options, data, *network, site_of(folder)) == TrainingEnd::done);
  const std::string history = read_file(folder.path() / run_file::kHistory);
  REQUIRE(parse_history(history).size() < 40);
  const auto again = make_tiny_network(2);
  REQUIRE(train_quietly(options, data, *again, site_of(folder)) == TrainingEnd::done);
  CHECK(read_file(folder.path() / run_file::kHistory) == history);
  CHECK(weights_sha256(*again) == weights_sha256(*network));
}

TEST_CASE("A training that diverges stops, names epoch and step, and leaves the last good checkpoint") {
  const TemporaryFolder folder;
  const TrainingData data = tiny_training_data(30);
  const auto network = make_tiny_network();
  TrainOptions options = tiny_options();
  options.epochs = 1;
  REQUIRE(train_quietly(options, data, *network, site_of(folder)) == TrainingEnd::done);
  const std::string checkpoint = read_file(folder.path() / run_file::kLastCheckpoint);

  class DivergingNetwork : public TinyNetwork {
   public:
    torch::Tensor forward(const torch::Tensor& nchw) override {
      torch::Tensor logits = TinyNetwork::forward(nchw);
      return ++passes_ == 3 ? logits / 0.0 : logits;
    }
    int passes_ = 0;
  } diverging;
  options.epochs = 2;
  CHECK_THROWS_WITH(train_quietly(options, data, diverging, site_of(folder)), Contains("epoch 2, step 3") && Contains("nan") && Contains(" image_10"));
  CHECK(read_file(folder.path() / run_file::kLastCheckpoint) == checkpoint);
}

TEST_CASE("A checkpoint of other options, other data or another network is refused with the difference") {
  const TemporaryFolder folder;
  const TrainingData data = tiny_training_data(30);
  TrainOptions options = tiny_options();
  const auto network = make_tiny_network();
  REQUIRE(train_quietly(options, data, *network, site_of(folder)) == TrainingEnd::done);

  TrainOptions other = options;
  other.learning_rate = 0.5;
  CHECK_THROWS_WITH(train_quietly(other, data, *network, site_of(folder)), Contains("--lr was 0.01, is now 0.5") && Contains("last.safetensors"));
  CHECK_THROWS_WITH(train_quietly(options, tiny_training_data(33), *network, site_of(folder)), Contains("other images, labels or sets"));
  class WiderNetwork : public TinyNetwork {
   public:
    WiderNetwork() { replace_module("linear", torch::nn::Linear(4, 3)); }
  } wider;
  CHECK_THROWS_WITH(train_quietly(options, data, wider, site_of(folder)), Contains("linear.bias") && Contains("[2]") && Contains("[3]"));
  options.epochs = 4;  // more epochs of the same training are no difference
  CHECK(train_quietly(options, data, *network, site_of(folder)) == TrainingEnd::done);
}

TEST_CASE("A batch computed in pieces gives the gradient of the whole") {
  const TrainingData data = tiny_training_data(36);
  TrainOptions options = tiny_options();
  options.precision = Precision::float64;  // leaves nothing to rounding
  options.class_weights = ClassWeights::balanced;
  options.label_smoothing = 0.1;
  options.network.width = 20;
  options.network.height = 16;
  const auto trained = [&](int pieces) {
    options.accumulate = pieces;
    const TemporaryFolder folder;
    torch::manual_seed(1);
    SeedCnn network(options.network);
    REQUIRE(train_quietly(options, data, network, site_of(folder)) == TrainingEnd::done);
    std::vector<torch::Tensor> flat;
    for (const torch::Tensor& parameter : network.parameters()) flat.push_back(parameter.detach().flatten());
    return torch::cat(flat);
  };
  CHECK(torch::allclose(trained(1), trained(4), 0, 1e-6));  // compared after 12 steps, as float32
}

TEST_CASE("A training in bfloat16 learns, too") {
  const TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.epochs = 8;
  options.precision = Precision::bfloat16;
  const auto network = make_tiny_network();
  REQUIRE(train_quietly(options, tiny_training_data(60), *network, site_of(folder)) == TrainingEnd::done);
  const auto history = parse_history(read_file(folder.path() / run_file::kHistory));
  CHECK(history.back().val->loss < history.front().val->loss);
  CHECK(network->parameters().front().scalar_type() == torch::kFloat32);
}

TEST_CASE("Freezing every stage is refused with their number") {
  const TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.freeze_stages = 1;
  const auto network = make_tiny_network();
  CHECK_THROWS_WITH(train_quietly(options, tiny_training_data(30), *network, site_of(folder)), Contains("--freeze 1") && Contains("has 1 stages"));
}

TEST_CASE("Balanced class weights make each class count the same") {
  const TrainingData data = tiny_training_data(30);
  const std::vector<double> weights = balanced_class_weights(data.train, 2);
  CHECK(weights == std::vector<double>{1, 1});  // 10 images of each
  TrainingData uneven = tiny_training_data(30);
  uneven.train.labels.assign(uneven.train.labels.size(), 0);
  uneven.train.labels[0] = 1;
  CHECK(balanced_class_weights(uneven.train, 2) == std::vector<double>{20.0 / (2 * 19), 10});
}
