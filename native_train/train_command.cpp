#include <torch/torch.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>

#include "atomic_file.h"
#include "checkpoint.h"
#include "command.h"
#include "data_guards.h"
#include "device.h"
#include "finished_run.h"
#include "host_memory.h"
#include "image_cache.h"
#include "pretrained_weights.h"
#include "run_folder.h"
#include "split.h"
#include "train_arguments.h"
#include "train_options.h"
#include "training.h"
#include "training_data.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

void check_run_folder(const TrainArguments& arguments) {
  const bool has_run = fs::exists(fs::path(arguments.out) / run_file::kConfig);
  if (arguments.resume && !has_run) {
    throw std::runtime_error(arguments.out + ": holds no run to resume (" + run_file::kConfig + " is missing)");
  }
  if (!arguments.resume && holds_files(arguments.out)) {
    throw std::runtime_error(arguments.out + (has_run ? ": holds a run already; add --resume to go on with it, or choose another --out"
                                                      : ": is not empty and holds no run; choose another --out"));
  }
}

/// Sets of the data: the run's own when it goes on, else those asked for, else the data's own, else 60/20/20 by patient.
void choose_sets(const TrainArguments& arguments, std::uint64_t seed, const PixelHashes& hashes, Dataset& dataset) {
  const fs::path own = fs::path(arguments.out) / run_file::kSplit;
  if (arguments.resume && fs::exists(own)) {
    apply_split(dataset, own);
  } else if (fs::path(arguments.split).extension() == ".txt") {
    apply_dsfold(dataset, arguments.split, hashes, seed);
  } else if (!arguments.split.empty()) {
    apply_split(dataset, arguments.split, arguments.fold);
  } else if (samples_in(dataset, SetName::none).size() == dataset.samples.size()) {
    split_by_patient(dataset, hashes, SplitShares{}, seed);
  }
  check_sets(dataset);
  check_no_image_in_two_sets(dataset, hashes);
}

LoadedImages load_all_images(const TrainArguments& arguments, const Dataset& dataset, const InputSpec& input) {
  const std::vector<std::size_t> all = all_samples(dataset);
  const std::optional<fs::path> cache = arguments.no_cache ? std::nullopt : arguments.cache ? fs::path(*arguments.cache) : default_image_cache();
  return cache ? load_cached_images(dataset, all, input, *cache, arguments.threads) : load_images(dataset, all, input, arguments.threads);
}

/// The list in full beside the run, since stderr names ten.
void report_unreadable(const TrainArguments& arguments, const Dataset& dataset, const LoadedImages& images) {
  const fs::path list = fs::path(arguments.out) / run_file::kUnreadable;
  if (images.failures.empty()) {
    fs::remove(list);
  } else {
    write_file_atomically(list, failures_csv(dataset, images.failures));
  }
  report_failures(images.failures, dataset.samples.size(), arguments.max_bad_share);
}

TrainingData load_data(const TrainArguments& arguments, const TrainOptions& options, const InputSpec& input) {
  Dataset dataset = read_dataset(arguments.data);
  std::cerr << arguments.data << ": " << dataset.samples.size() << " images" << std::endl;
  if (!arguments.trust_labels) check_labels_against_names(dataset);
  LoadedImages images = load_all_images(arguments, dataset, input);
  report_unreadable(arguments, dataset, images);
  choose_sets(arguments, options.seed, hashes_of(images), dataset);
  warn_of_near_duplicates(dataset, images);
  TrainingData data = make_training_data(std::move(dataset), std::move(images), input);
  for (const SetName set : {SetName::train, SetName::val, SetName::test}) std::cerr << "  " << set_summary(data.dataset, set) << "\n";
  warn_of_small_sets(data.train.labels, data.val.labels, data.dataset.class_names, options.batch_size);
  return data;
}

RunConfig make_config(const std::string& name, const TrainOptions& options, const InputSpec& input, const TrainingData& data, const torch::Device& device) {
  Json sets;
  for (const SetName set : {SetName::train, SetName::val, SetName::test}) {
    std::set<std::string> patients;
    const std::vector<std::size_t> samples = samples_in(data.dataset, set);
    for (const std::size_t i : samples) patients.insert(data.dataset.samples[i].patient);
    sets[to_string(set)] = {{"images", samples.size()}, {"patients", patients.size()}};
  }
  const Json training = {
      {"options", Json::parse(to_json(options))},
      {"data",
       {{"manifest_sha256", data.manifest_sha256}, {"sets", sets}, {"sources", image_sources(data.dataset)}, {"synthetic", is_synthetic(data.dataset)}}},
      {"made_with", {{"libtorch", TORCH_VERSION}, {"device", device.str()}, {"threads", torch::get_num_threads()}}}};
  RunConfig config;
  config.name = name;
  config.network = options.network;
  config.network.classes = static_cast<int>(data.dataset.class_names.size());
  config.input = input;
  config.class_names = data.dataset.class_names;
  config.positive_class = data.dataset.positive_class;
  config.training_json = training.dump();
  return config;
}

void check_same_data(const TrainArguments& arguments, const RunConfig& saved, const TrainingData& data) {
  const Json before = Json::parse(saved.training_json).at("data").at("manifest_sha256");
  if (before != data.manifest_sha256) {
    throw std::runtime_error(arguments.data + ": these are not the images and labels that the run in " + arguments.out + " was started with");
  }
}

void use_threads(int threads) {
  keep_freed_memory();
  keep_freed_memory();
  if (threads > 0) torch::set_num_threads(threads);
  // One result for one seed, on every device that can; where an operator has no such form LibTorch warns.
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  at::globalContext().setDeterministicFillUninitializedMemory(false);  // nothing of ours reads memory before writing it
}

void run_train(const TrainArguments& arguments) {
  check_run_folder(arguments);
  const fs::path run_dir = arguments.out;
  const torch::Device device = choose_device(arguments.device);
  const RunLock lock(run_dir);
  remove_leftovers(run_dir);
  std::optional<RunConfig> saved;
  if (arguments.resume) saved = read_run_config(run_dir);
  const TrainOptions options = saved ? resumed_options(arguments, *saved) : new_options(arguments);
  InputSpec input;
  input.width = options.network.width;
  input.height = options.network.height;

  use_threads(arguments.threads);
  const TrainingData data = load_data(arguments, options, input);
  if (saved) check_same_data(arguments, *saved, data);
  const std::string name = !arguments.name.empty() ? arguments.name : saved ? saved->name : options.network.network;
  const RunConfig config = make_config(name, options, input, data, device);
  torch::manual_seed(options.seed);
  const std::shared_ptr<Network> network = make_network(config.network);
  if (!has_checkpoint(run_dir)) {
    std::cerr << config.network.network << ": " << load_pretrained_weights(weights_to_load(arguments, options), config.network, *network) << "\n";
  }
  create_folder(run_dir / "checkpoints");
  write_file_atomically(run_dir / run_file::kSplit, split_csv(data.dataset));
  write_file_atomically(run_dir / run_file::kConfig, to_json(config));

  const int threads = torch::get_num_threads();
  std::cerr << options.network.network << ": " << parameter_count(*network) << " parameters; " << device.str() << ", " << threads << " threads; seed "
            << options.seed << std::endl;
  const TrainingSite site{run_dir, device, std::max(1, threads / 2), arguments.checkpoint_minutes};
  if (run_training(options, data, *network, site) == TrainingEnd::interrupted) {
    throw std::runtime_error("interrupted; a checkpoint is kept. To go on: lobule train " + arguments.data + " --out " + arguments.out + " --resume");
  }
  finish_run(config, options, data, *network, site, arguments.max_bad_share);
}

}  // namespace

void add_train_command(CLI::App& app) {
  const auto arguments = std::make_shared<TrainArguments>();
  CLI::App* train = app.add_subcommand("train", "Train a network; ends with model.onnx, its evaluation on the test set, and a card");
  add_train_arguments(*train, *arguments);
  train->footer(
      "Example: lobule train phantoms --out run --epochs 8\nDefaults are the network's: README's table says them, and a run's config.json holds all that it "
      "used.");
  train->callback([train, arguments] {
    note_given(*train, *arguments);
    run_train(*arguments);
  });
}

}  // namespace lobule
