// What `lobule train` does, in pieces that can be timed. For each line on stdin one or more lines of JSON on stdout. tests/bench/train_table.py alternates with
// tests/bench/train_peer.py, which answers the same lines.
//   train_bench DATA CACHE [--network efficientnet_lite0] [--input-size 336x224] [--batch-size 32] [--images 320] [--threads 0]
//               [--loader-threads 0]
//
//   load        images from the cache folder (decoded into it where they are not there), network and optimiser; facts of both. Any other line loads first
//   pipeline    an epoch of batches, without a network
//   compute     three steps over batches that lie in memory
//   epoch       an epoch of training
//   first-step  what the command does from its start, on all of the data: a line when the first step begins, and one when it has ended
#include <torch/version.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "device.h"
#include "host_memory.h"
#include "image_cache.h"
#include "load_training_data.h"
#include "pretrained_weights.h"
#include "training_setup.h"
#include "training_step.h"

namespace {

using namespace lobule;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

constexpr std::size_t kComputeSteps = 3;

struct Arguments {
  std::string data;
  std::string cache;
  std::string input_size;  // "": the network's own
  int images = 0;          // 0: all
  int threads = 0;
  int loader_threads = 0;  // 0: the command's choice
  TrainOptions options;
};

/// A network with what moves its weights, as Training puts them together.
class Learning {
 public:
  explicit Learning(const TrainOptions& options)
      : options_(options), network_(start(options)), optimizer_(*network_, options), step_(options, *network_, optimizer_, {}, host_device(), processes_) {
    network_->train();
  }

  void step(const Batch& batch) {
    std::vector<std::uint64_t> seeds(static_cast<std::size_t>(batch.labels.size(0)));
    std::iota(seeds.begin(), seeds.end(), 0);
    facts_ = step_.run(batch, seeds, static_cast<double>(seeds.size()), options_.learning_rate).facts;
  }
  /// Returns when the last step is over.
  void finish() const {
    if (!torch::isfinite(to_host(facts_)).all().item<bool>()) throw std::runtime_error("the training has diverged");
  }

 private:
  static std::shared_ptr<Network> start(const TrainOptions& options) {
    torch::manual_seed(options.seed);
    std::shared_ptr<Network> network = make_network(options.network);
    load_pretrained_weights(options.weights, options.network, *network);
    prepare_network(*network, options, host_device());
    return network;
  }

  const TrainOptions& options_;
  ProcessGroup processes_;  // this one alone
  std::shared_ptr<Network> network_;
  Optimizer optimizer_;
  TrainingStep step_;
  torch::Tensor facts_;
};

class Bench {
 public:
  explicit Bench(const Arguments& arguments) : arguments_(arguments) {
    input_.width = arguments.options.network.width;
    input_.height = arguments.options.network.height;
  }

  void answer(const std::string& line) {
    if (line == "first-step") return first_step();
    if (learning_ == nullptr) load();
    if (line == "load")
      return say({{"program", "lobule"},
                  {"libtorch", TORCH_VERSION},
                  {"images", images_.labels.size()},
                  {"threads", torch::get_num_threads()},
                  {"loader_threads", loader_threads()},
                  {"optimizer", kOptimizerNames.at(static_cast<std::size_t>(arguments_.options.optimizer))}});
    if (line == "pipeline") {
      time(images_.labels.size(), [this] { pipeline(); });
    } else if (line == "epoch") {
      time(images_.labels.size(), [this] { epoch(); });
    } else if (line == "compute") {
      fill_memory();
      time(std::accumulate(in_memory_.begin(), in_memory_.end(), std::size_t{0}, [](std::size_t sum, const Batch& b) { return sum + b.labels.numel(); }),
           [this] { compute(); });
    } else {
      throw std::runtime_error("\"" + line + "\" is not known");
    }
  }

 private:
  static void say(const Json& json) { std::cout << json.dump() << std::endl; }
  static void time(std::size_t images, const std::function<void()>& work) {
    const Clock::time_point start = Clock::now();
    work();
    say({{"seconds", std::chrono::duration<double>(Clock::now() - start).count()}, {"images", images}});
  }
  int loader_threads() const { return arguments_.loader_threads > 0 ? arguments_.loader_threads : std::max(1, torch::get_num_threads() / 2); }

  /// As many samples as asked for, evenly spread over the data.
  void load() {
    const Dataset dataset = read_dataset(arguments_.data);
    const std::size_t all = dataset.samples.size();
    const std::size_t wanted = arguments_.images == 0 ? all : std::min(all, static_cast<std::size_t>(arguments_.images));
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(i * all / wanted);
    LoadedImages loaded = load_cached_images(dataset, chosen, input_, arguments_.cache);
    report_failures(loaded.failures, wanted, 0);
    images_.input = input_;
    for (std::size_t i = 0; i < loaded.samples.size(); ++i) {
      images_.chosen.push_back(i);
      images_.labels.push_back(dataset.samples[loaded.samples[i]].label);
    }
    images_.images = std::make_shared<const LoadedImages>(std::move(loaded));
    learning_ = std::make_unique<Learning>(arguments_.options);
  }

  BatchStream stream(const LabelledImages& images) {
    const TrainOptions& options = arguments_.options;
    const EpochAugmentation augmentation = {options.augmentation, options.appearance, std::nullopt, options.seed, ++epoch_};
    return {images, shuffled_batches(images.labels.size(), options.batch_size, options.seed, epoch_), 0, augmentation, loader_threads()};
  }

  void pipeline() {
    BatchStream batches = stream(images_);
    double sum = 0;  // of a value a batch, so that nothing can be left out
    while (const std::optional<Batch> batch = batches.next()) sum += static_cast<double>(batch->images.const_data_ptr<float>()[0]);
    if (!std::isfinite(sum)) throw std::logic_error("a pixel is no number");
  }

  void epoch() {
    BatchStream batches = stream(images_);
    while (const std::optional<Batch> batch = batches.next()) learning_->step(*batch);
    learning_->finish();
  }

  void fill_memory() {
    if (!in_memory_.empty()) return;
    BatchStream batches = stream(images_);
    for (std::optional<Batch> batch = batches.next(); batch && in_memory_.size() < kComputeSteps; batch = batches.next()) {
      in_memory_.push_back(std::move(*batch));
    }
  }

  void compute() {
    for (const Batch& batch : in_memory_) learning_->step(batch);
    learning_->finish();
  }

  void first_step() {
    TrainArguments arguments;
    arguments.data = arguments_.data;
    arguments.out = arguments_.cache;  // only a list of unreadable images would go there
    arguments.cache = arguments_.cache;
    arguments.threads = arguments_.threads;
    ProcessGroup processes;
    const TrainingData data = load_training_data(arguments, arguments_.options, input_, processes);
    Learning learning(arguments_.options);
    BatchStream batches = stream(data.train);
    const std::optional<Batch> batch = batches.next();
    say({{"begins", true}});
    learning.step(batch.value());
    learning.finish();
    say({{"images", batch->labels.size(0)}});
  }

  const Arguments& arguments_;
  InputSpec input_;
  LabelledImages images_;
  std::unique_ptr<Learning> learning_;
  std::vector<Batch> in_memory_;
  int epoch_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  std::string network = "efficientnet_lite0";
  int batch_size = 32;
  CLI::App app("Times the parts of a training");
  app.add_option("data", arguments.data)->required();
  app.add_option("cache", arguments.cache)->required();
  app.add_option("--network", network);
  app.add_option("--input-size", arguments.input_size);
  app.add_option("--batch-size", batch_size)->check(CLI::Range(1, 65536));
  app.add_option("--images", arguments.images)->check(CLI::Range(0, 1 << 30));
  app.add_option("--threads", arguments.threads)->check(CLI::Range(0, 1024));
  app.add_option("--loader-threads", arguments.loader_threads)->check(CLI::Range(0, 1024));
  CLI11_PARSE(app, argc, argv);
  try {
    arguments.options = default_options(network);
    arguments.options.batch_size = batch_size;
    if (!arguments.input_size.empty()) set_input_size(arguments.input_size, arguments.options.network);
    keep_freed_memory();
    if (arguments.threads > 0) torch::set_num_threads(arguments.threads);
    at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
    at::globalContext().setDeterministicFillUninitializedMemory(false);
    Bench bench(arguments);
    for (std::string line; std::getline(std::cin, line);) bench.answer(line);
  } catch (const std::exception& error) {
    std::cerr << "train_bench: " << error.what() << '\n';
    return 1;
  }
}
