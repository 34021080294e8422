#include "trial.h"

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "atomic_file.h"
#include "augmentation_sheet.h"
#include "dry_run.h"
#include "linear_probe.h"
#include "load_training_data.h"
#include "lobule/encode.h"
#include "lr_finder.h"
#include "progress.h"
#include "run_folder.h"
#include "trial_training.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

std::string suggestion_text(const std::optional<LrSuggestion>& suggestion) {
  if (!suggestion) return "No suggestion: the loss did not fall by more than its noise. A larger --batch-size may tell more.\n";
  std::ostringstream text;
  text << std::scientific << std::setprecision(1) << "Suggestion: --lr " << suggestion->steepest
       << ", where the loss falls fastest. A tenth of where it is lowest: " << suggestion->tenth_of_lowest << "\n";
  return text.str();
}

void find_lr(const TrainArguments& arguments, const TrainOptions& options, TrialTraining& training) {
  ProgressLine progress(std::cerr, stderr_is_terminal());
  progress.start_epoch(1, 1, std::int64_t{kLrSteps} * options.batch_size, 0);
  std::int64_t images = 0;
  const std::vector<LrPoint> points = find_learning_rates([&](double learning_rate) {
    const TrialStep step = training.step(learning_rate);
    progress.show(images += options.batch_size, step.loss);
    return step.loss;
  });
  progress.clear();
  std::cout << lr_table_text(points);
  if (points.size() < static_cast<std::size_t>(kLrSteps)) std::cout << "There the loss has diverged, and the test ended.\n";
  std::cout << suggestion_text(suggest_learning_rate(points));
  if (arguments.out.empty()) return;
  const fs::path folder = arguments.out;
  create_folder(folder);
  write_file_atomically(folder / run_file::kLrFinderTable, lr_table_csv(points));
  write_file_atomically(folder / run_file::kLrFinderChart, lr_chart_svg(points));
  std::cerr << arguments.out << ": " << run_file::kLrFinderTable << " and " << run_file::kLrFinderChart << " are written" << std::endl;
}

void show_augmentation(const TrainArguments& arguments, const TrainOptions& options, const TrainingData& data) {
  write_file_atomically(arguments.show_augmentation, encode_png(augmentation_sheet(options, data)));
  std::cerr << arguments.show_augmentation << ": a row for each of some training images, as it is on the left and then as the epochs show it" << std::endl;
}

}  // namespace

void run_trial(const TrainArguments& arguments, torch::Device device) {
  const TrainOptions options = new_options(arguments);
  const InputSpec input = input_of(options);
  ProcessGroup alone;
  const TrainingData data = load_training_data(arguments, options, input, alone);
  if (!arguments.show_augmentation.empty()) return show_augmentation(arguments, options, data);
  NetworkOptions network_options = options.network;
  network_options.classes = static_cast<int>(data.dataset.class_names.size());
  torch::manual_seed(options.seed);
  const std::shared_ptr<Network> network = make_network(network_options);
  network->to(device);
  const int loader_threads = std::max(1, torch::get_num_threads() / 2);
  const std::string start = load_start(weights_to_load(arguments, options), options, data, loader_threads, *network);
  TrialTraining training(options, data, *network, device, loader_threads);
  if (arguments.find_lr) {
    find_lr(arguments, options, training);
  } else {
    std::cout << dry_run_text({arguments.data, start, device.str()}, options, data, *network, measure(training));
  }
  if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
}

}  // namespace lobule
