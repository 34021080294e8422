#include "train_run.h"

#include <torch/torch.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "atomic_file.h"
#include "checkpoint.h"
#include "device.h"
#include "finished_run.h"
#include "host_memory.h"
#include "linear_probe.h"
#include "load_training_data.h"
#include "process_environment.h"
#include "process_group.h"
#include "run_folder.h"
#include "split.h"
#include "train_arguments.h"
#include "train_options.h"
#include "training_data.h"
#include "trial.h"
#include "weights_file.h"

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

RunConfig make_config(const std::string& name, const TrainOptions& options, const InputSpec& input, const TrainingData& data, const torch::Device& device,
                      const ProcessGroup& processes) {
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
      {"made_with", {{"libtorch", TORCH_VERSION}, {"device", device.str()}, {"threads", torch::get_num_threads()}, {"processes", processes.size()}}}};
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

/// Processes on one machine share its processors; torchrun would give each of them a single thread.
void set_up_computing(int threads, int local_size) {
  keep_freed_memory();
  if (threads == 0 && local_size > 1) threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / local_size);
  if (threads > 0) torch::set_num_threads(threads);
  // One result for one seed, on every device that can; where an operator has no such form LibTorch warns.
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  at::globalContext().setDeterministicFillUninitializedMemory(false);  // nothing of ours reads memory before writing it
}

/// While it lives, only the process that leads speaks: the others would say the same.
class OneVoice {
 public:
  explicit OneVoice(const ProcessGroup& processes) : buffer_(processes.leads() ? std::cerr.rdbuf() : std::cerr.rdbuf(nullptr)) {}
  ~OneVoice() {
    std::cerr.rdbuf(buffer_);
    std::cerr.clear();
  }
  OneVoice(const OneVoice&) = delete;
  OneVoice& operator=(const OneVoice&) = delete;

 private:
  std::streambuf* buffer_;
};

/// A run folder that this process holds, and what it says about a run that goes on.
struct OpenRun {
  explicit OpenRun(const TrainArguments& arguments) : lock(arguments.out) {
    remove_leftovers(arguments.out);
    if (arguments.resume) saved = read_run_config(arguments.out);
  }
  RunLock lock;
  std::optional<RunConfig> saved;
};

/// The network as process 0 starts with it; where there is a checkpoint its weights come from that.
std::shared_ptr<Network> make_start(const TrainArguments& arguments, const TrainOptions& options, const RunConfig& config, const TrainingData& data,
                                    const TrainingSite& site) {
  torch::manual_seed(options.seed);
  std::shared_ptr<Network> network = make_network(config.network);
  network->to(site.device);
  if (site.processes->leads() && !has_checkpoint(arguments.out)) {
    std::cerr << config.network.network << ": " << load_start(weights_to_load(arguments, options), options, data, site.loader_threads, *network) << "\n";
  }
  return network;
}

void write_start(const fs::path& run_dir, const TrainOptions& options, const TrainingData& data, const RunConfig& config, const Network& network) {
  const bool is_blend = options.tuned_share < 1;
  const fs::path start = run_dir / run_file::kStartWeights;
  if (is_blend && has_checkpoint(run_dir) && !fs::exists(start)) {
    throw std::runtime_error(start.string() + ": is missing. A run that was begun with --tuned-share 1 did not keep it, and can have no other share");
  }
  create_folder(run_dir / "checkpoints");
  write_file_atomically(run_dir / run_file::kSplit, split_csv(data.dataset));
  write_file_atomically(run_dir / run_file::kConfig, to_json(config));
  if (is_blend && !has_checkpoint(run_dir)) save_weights(start, network, {});
}

void say_start(const Network& network, const TrainOptions& options, const torch::Device& device, const ProcessGroup& processes) {
  std::cerr << options.network.network << ": " << parameter_count(network) << " parameters; " << device.str() << ", ";
  if (processes.size() > 1) std::cerr << processes.size() << " processes of ";
  std::cerr << torch::get_num_threads() << " threads; seed " << options.seed << std::endl;
}

/// Process 0 alone holds and writes the run folder.
TrainingEnd train_together(const TrainArguments& arguments, const torch::Device& device, const std::shared_ptr<ProcessGroup>& processes,
                           const OutOfFold& out_of_fold) {
  const OneVoice voice(*processes);
  std::optional<OpenRun> run;
  TrainOptions options;
  if (processes->leads()) {
    check_run_folder(arguments);
    run.emplace(arguments);
    options = run->saved ? resumed_options(arguments, *run->saved) : new_options(arguments);
  }
  options = parse_train_options(processes->broadcast(to_json(options)));
  const InputSpec input = input_of(options);

  const TrainingData data = load_training_data(arguments, options, input, *processes);
  const std::optional<RunConfig> saved = run ? run->saved : std::nullopt;
  if (saved) check_same_data(arguments, *saved, data);
  const std::string name = !arguments.name.empty() ? arguments.name : saved ? saved->name : options.network.network;
  const RunConfig config = make_config(name, options, input, data, device, *processes);
  TrainingSite site{arguments.out, device, std::max(1, torch::get_num_threads() / 2), arguments.checkpoint_minutes, processes};
  const std::shared_ptr<Network> network = make_start(arguments, options, config, data, site);
  if (processes->leads()) write_start(arguments.out, options, data, config, *network);
  say_start(*network, options, device, *processes);
  const TrainingEnd end = run_training(options, data, *network, site);
  if (end == TrainingEnd::interrupted || !processes->leads()) return end;
  site.processes = std::make_shared<ProcessGroup>();  // the others have gone
  finish_run(config, options, data, *network, site, arguments.max_bad_share, out_of_fold);
  return end;
}

}  // namespace

TrainingEnd run_train(TrainArguments arguments, const OutOfFold& out_of_fold) {
  const ProcessEnvironment environment = read_process_environment();
  const torch::Device device = choose_device(arguments.device, environment.local_rank);
  set_up_computing(arguments.threads, environment.local_size);
  // torchrun has started all processes anew: the run goes on.
  if (environment.restarts > 0 && fs::exists(fs::path(arguments.out) / run_file::kConfig)) arguments.resume = true;
  return train_together(arguments, device, std::make_shared<ProcessGroup>(environment, device), out_of_fold);
}

void run_train_trial(const TrainArguments& arguments) {
  const ProcessEnvironment environment = read_process_environment();
  if (environment.size > 1) {
    throw std::runtime_error("--find-lr, --dry-run and --show-augmentation run in one process: start them without torchrun, srun or mpirun");
  }
  const torch::Device device = choose_device(arguments.device, environment.local_rank);
  set_up_computing(arguments.threads, environment.local_size);
  if (!arguments.out.empty()) check_run_folder(arguments);  // what a run would be refused for
  run_trial(arguments, device);
}

}  // namespace lobule
