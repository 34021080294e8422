// Times the way of training images from the cache to augmented batches, without a network: JSON on stdout. tests/bench/pipeline_peer.py does the same in Python.
//   pipeline_bench DATA [--size 336x224] [--batch 32] [--workers 0,1,2,4] [--epochs 5] [--cache FOLDER]
#include <torch/version.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "image_cache.h"
#include "training_data.h"

namespace {

using namespace lobule;
using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string data;
  int width = 336;
  int height = 224;
  int batch = 32;
  int epochs = 5;
  std::string cache;
  std::vector<int> workers = {0, 1, 2, 4};
};

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Images a second of each epoch. The first epoch is not counted: pages of the cache are touched, batch memory is asked for.
nlohmann::ordered_json measure(const LabelledImages& images, const Arguments& arguments, int workers) {
  std::vector<double> speeds;
  double first_batch = 0;
  double sum = 0;  // of a value a batch, so that nothing can be left out
  for (int epoch = 0; epoch <= arguments.epochs; ++epoch) {
    const Clock::time_point start = Clock::now();
    EpochAugmentation augmentation;
    augmentation.epoch = epoch;
    BatchStream stream(images, shuffled_batches(images.labels.size(), arguments.batch, 1, epoch), 0, augmentation, workers);
    for (bool first = true; const auto batch = stream.next(); first = false) {
      if (first && epoch == 0) first_batch = seconds_since(start);
      sum += static_cast<double>(batch->images.const_data_ptr<float>()[0]);
    }
    if (epoch > 0) speeds.push_back(static_cast<double>(images.labels.size()) / seconds_since(start));
  }
  std::sort(speeds.begin(), speeds.end());
  return {{"workers", workers}, {"images_per_second", speeds[speeds.size() / 2]}, {"all", speeds}, {"first_batch_seconds", first_batch}, {"sum", sum}};
}

nlohmann::ordered_json run(const Arguments& arguments) {
  InputSpec input;
  input.width = arguments.width;
  input.height = arguments.height;
  const Dataset dataset = read_dataset(arguments.data);
  const std::vector<std::size_t> all = all_samples(dataset);
  const Clock::time_point start = Clock::now();
  LoadedImages loaded = arguments.cache.empty() ? load_images(dataset, all, input) : load_cached_images(dataset, all, input, arguments.cache);
  const double load_seconds = seconds_since(start);
  LabelledImages images;
  images.input = input;
  for (std::size_t i = 0; i < loaded.samples.size(); ++i) {
    images.chosen.push_back(i);
    images.labels.push_back(dataset.samples[loaded.samples[i]].label);
  }
  images.images = std::make_shared<const LoadedImages>(std::move(loaded));
  nlohmann::ordered_json json = {
      {"program", "lobule"},        {"libtorch", TORCH_VERSION}, {"images", images.labels.size()}, {"width", arguments.width},
      {"height", arguments.height}, {"batch", arguments.batch},  {"load_seconds", load_seconds},   {"results", nlohmann::ordered_json::array()}};
  for (const int workers : arguments.workers) json["results"].push_back(measure(images, arguments, workers));
  return json;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  std::string size = "336x224";
  CLI::App app("Times the input pipeline");
  app.add_option("data", arguments.data)->required();
  app.add_option("--size", size);
  app.add_option("--batch", arguments.batch)->check(CLI::Range(1, 65536));
  app.add_option("--workers", arguments.workers)->delimiter(',')->check(CLI::Range(0, 1024));
  app.add_option("--epochs", arguments.epochs)->check(CLI::Range(1, 1000));
  app.add_option("--cache", arguments.cache);
  CLI11_PARSE(app, argc, argv);
  if (std::sscanf(size.c_str(), "%dx%d", &arguments.width, &arguments.height) != 2 || arguments.width < 1 || arguments.height < 1) {
    std::cerr << "pipeline_bench: --size is not WIDTHxHEIGHT\n";
    return 2;
  }
  try {
    std::cout << run(arguments).dump(2) << '\n';
  } catch (const std::exception& error) {
    std::cerr << "pipeline_bench: " << error.what() << '\n';
    return 1;
  }
}
