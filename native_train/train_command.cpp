#include <torch/torch.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>

#include "atomic_file.h"
#include "command.h"
#include "device.h"
#include "finished_run.h"
#include "host_memory.h"
#include "options_difference.h"
#include "pretrained_weights.h"
#include "run_folder.h"
#include "split.h"
#include "train_options.h"
#include "training.h"
#include "training_data.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

/// What the command line says. Only `options` decides the result.
struct TrainCommand {
  std::string data;
  std::string out;
  std::string split;
  std::optional<int> fold;
  std::string device = "auto";
  int threads = 0;
  double max_bad_share = kMaxBadShare;
  bool resume = false;
  std::string name;  // empty: the network's
  TrainOptions options;
  std::string input_size = "144x96";
  std::string class_weights = "none";
  std::string weights;  // empty: default_weights
  bool no_augmentation = false;
  bool no_flips = false;
  std::set<std::string> given;  // names of the options that were on the command line, without dashes
};

TrainOptions options_of(const TrainCommand& command) {
  TrainOptions options = command.options;
  set_input_size(command.input_size, options.network);
  options.class_weights = parse_class_weights(command.class_weights);
  options.augment = !command.no_augmentation;
  options.augmentation.flips = !command.no_flips;
  return options;
}

void check_run_folder(const TrainCommand& command) {
  const bool has_run = fs::exists(fs::path(command.out) / run_file::kConfig);
  if (command.resume && !has_run) {
    throw std::runtime_error(command.out + ": holds no run to resume (" + run_file::kConfig + " is missing)");
  }
  if (!command.resume && holds_files(command.out)) {
    throw std::runtime_error(command.out + (has_run ? ": holds a run already; add --resume to go on with it, or choose another --out"
                                                    : ": is not empty and holds no run; choose another --out"));
  }
}

/// The saved options, with those of the command line that may change.
TrainOptions resumed_options(const TrainCommand& command, const RunConfig& saved) {
  const Json before = Json::parse(saved.training_json).at("options");
  const Json here = Json::parse(to_json(options_of(command)));
  Json merged = before;
  for (const std::string& name : command.given) {
    if (merged.contains(name)) merged[name] = here.at(name);
  }
  const std::string difference = options_difference(before.dump(), merged.dump());
  if (!difference.empty()) throw std::runtime_error(command.out + ": cannot go on with other options: " + difference);
  return parse_train_options(merged.dump());
}

/// Sets of the data: the run's own when it goes on, else those asked for, else the data's own, else 60/20/20 by patient.
void choose_sets(const TrainCommand& command, std::uint64_t seed, const PixelHashes& hashes, Dataset& dataset) {
  const fs::path own = fs::path(command.out) / run_file::kSplit;
  if (command.resume && fs::exists(own)) {
    apply_split(dataset, own);
  } else if (fs::path(command.split).extension() == ".txt") {
    apply_dsfold(dataset, command.split, hashes, seed);
  } else if (!command.split.empty()) {
    apply_split(dataset, command.split, command.fold);
  } else if (samples_in(dataset, SetName::none).size() == dataset.samples.size()) {
    split_by_patient(dataset, hashes, SplitShares{}, seed);
  }
  check_sets(dataset);
  check_no_image_in_two_sets(dataset, hashes);
}

TrainingData load_data(const TrainCommand& command, const TrainOptions& options, const InputSpec& input) {
  Dataset dataset = read_dataset(command.data);
  std::cerr << command.data << ": " << dataset.samples.size() << " images" << std::endl;
  LoadedImages images = load_images(dataset, all_samples(dataset), input, command.threads);
  report_failures(images.failures, dataset.samples.size(), command.max_bad_share);
  choose_sets(command, options.seed, hashes_of(images), dataset);
  TrainingData data = make_training_data(std::move(dataset), std::move(images), input);
  for (const SetName set : {SetName::train, SetName::val, SetName::test}) std::cerr << "  " << set_summary(data.dataset, set) << "\n";
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

void check_same_data(const TrainCommand& command, const RunConfig& saved, const TrainingData& data) {
  const Json before = Json::parse(saved.training_json).at("data").at("manifest_sha256");
  if (before != data.manifest_sha256) {
    throw std::runtime_error(command.data + ": these are not the images and labels that the run in " + command.out + " was started with");
  }
}

void use_threads(int threads) {
  keep_freed_memory();
  if (threads > 0) torch::set_num_threads(threads);
  // One result for one seed, on every device that can; where an operator has no such form LibTorch warns.
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  at::globalContext().setDeterministicFillUninitializedMemory(false);  // nothing of ours reads memory before writing it
}

void run_train(const TrainCommand& command) {
  check_run_folder(command);
  const fs::path run_dir = command.out;
  const torch::Device device = choose_device(command.device);
  const RunLock lock(run_dir);
  std::optional<RunConfig> saved;
  if (command.resume) saved = read_run_config(run_dir);
  const TrainOptions options = saved ? resumed_options(command, *saved) : options_of(command);
  InputSpec input;
  input.width = options.network.width;
  input.height = options.network.height;

  use_threads(command.threads);
  const TrainingData data = load_data(command, options, input);
  if (saved) check_same_data(command, *saved, data);
  const std::string name = !command.name.empty() ? command.name : saved ? saved->name : options.network.network;
  const RunConfig config = make_config(name, options, input, data, device);
  torch::manual_seed(options.seed);
  const std::shared_ptr<Network> network = make_network(config.network);
  const std::string weights = command.weights.empty() ? default_weights(config.network.network) : command.weights;
  std::cerr << config.network.network << ": " << load_pretrained_weights(weights, config.network, *network) << "\n";
  create_folder(run_dir / "checkpoints");
  write_file_atomically(run_dir / run_file::kSplit, split_csv(data.dataset));
  write_file_atomically(run_dir / run_file::kConfig, to_json(config));

  const int threads = torch::get_num_threads();
  std::cerr << options.network.network << ": " << parameter_count(*network) << " parameters; " << device.str() << ", " << threads << " threads; seed "
            << options.seed << std::endl;
  const TrainingSite site{run_dir, device, std::max(1, threads / 2)};
  if (run_training(options, data, *network, site) == TrainingEnd::interrupted) {
    throw std::runtime_error("interrupted; a checkpoint is kept. To go on: lobule train " + command.data + " --out " + command.out + " --resume");
  }
  finish_run(config, options, data, *network, site, command.max_bad_share);
}

void add_options(CLI::App& app, TrainCommand& command) {
  TrainOptions& options = command.options;
  app.add_option("data", command.data, "BreaKHis tree, ImageFolder, or CSV manifest (path,label,patient)")->required();
  app.add_option("--out", command.out, "Run folder: checkpoints, history, the model and its evaluation")->required();
  app.add_flag("--resume", command.resume, "Go on with the run in --out, with its own options; --epochs and --patience may change");
  app.add_option("--network", options.network.network, "Network to train")->capture_default_str();
  app.add_option("--weights", command.weights,
                 "Where they start: imagenet, none (drawn at random) or a safetensors file; without: imagenet for efficientnet_lite");
  app.add_option("--name", command.name, "The model's name, for people; without: the network's");
  CLI::Option* split = app.add_option("--split", command.split,
                                      "CSV of `lobule split`, or a published BreaKHis list (dsfold1.txt); without: "
                                      "the data's own sets, or 60/20/20 by patient");
  app.add_option("--fold", command.fold, "Fold that tests, where the split has folds")->needs(split);
  app.add_option("--epochs", options.epochs, "Passes over the training images")->check(CLI::Range(1, 100000))->capture_default_str();
  app.add_option("--batch-size", options.batch_size, "Images a step")->check(CLI::Range(1, 65536))->capture_default_str();
  app.add_option("--lr", options.learning_rate, "Learning rate of Adam")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--weight-decay", options.weight_decay, "L2 penalty of the weights")->check(CLI::NonNegativeNumber)->capture_default_str();
  app.add_option("--class-weights", command.class_weights, "none, or balanced: each class counts the same in the loss")
      ->check(CLI::IsMember({"none", "balanced"}))
      ->capture_default_str();
  app.add_option("--dropout", options.network.dropout, "Share of the features left out in each step")->check(CLI::Range(0.0, 0.99))->capture_default_str();
  app.add_option("--input-size", command.input_size, "WIDTHxHEIGHT in pixels that the network sees")->capture_default_str();
  app.add_flag("--no-augmentation", command.no_augmentation, "Train on the images as they are");
  app.add_flag("--no-flips", command.no_flips, "Augment without mirroring");
  app.add_option("--rotation", options.augmentation.rotation_degrees, "Augment by up to so many degrees either way")
      ->check(CLI::Range(0.0, 360.0))
      ->capture_default_str();
  app.add_option("--zoom", options.augmentation.zoom, "Augment by a magnification between 1/ZOOM and ZOOM")
      ->check(CLI::Range(1.0, 100.0))
      ->capture_default_str();
  app.add_option("--patience", options.patience, "Epochs without a lower validation loss before the training stops; 0: never")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Decides weights, order, dropout, augmentation and split")->capture_default_str();
  app.add_option("--threads", command.threads, "Threads that compute; 0: LibTorch's choice")->check(CLI::Range(0, 1024))->capture_default_str();
  app.add_option("--device", command.device, "Where the network runs: cpu, cuda or auto")->capture_default_str();
  app.add_option("--max-bad-share", command.max_bad_share, "Share of unreadable images above which the run ends")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

}  // namespace

void add_train_command(CLI::App& app) {
  const auto command = std::make_shared<TrainCommand>();
  CLI::App* train = app.add_subcommand("train", "Train a network; ends with model.onnx, its evaluation on the test set, and a card");
  add_options(*train, *command);
  train->footer("Example: lobule train phantoms --out run --epochs 8");
  train->callback([train, command] {
    for (const CLI::Option* option : train->get_options()) {
      if (option->count() > 0 && !option->get_lnames().empty()) command->given.insert(option->get_lnames().front());
    }
    run_train(*command);
  });
}

}  // namespace lobule
