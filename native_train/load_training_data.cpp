#include "load_training_data.h"

#include <cmath>
#include <filesystem>
#include <iostream>

#include "atomic_file.h"
#include "data_guards.h"
#include "image_cache.h"
#include "run_folder.h"
#include "split.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

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
}

/// The run's own sets have been through this.
void train_on_validation_set(Dataset& dataset) {
  for (Sample& sample : dataset.samples) {
    if (sample.set == SetName::val) sample.set = SetName::train;
  }
}

/// Process 0's sets for all: the others need not see its run folder or split file.
void share_sets(ProcessGroup& processes, Dataset& dataset) {
  const std::string sets = processes.broadcast(split_csv(dataset));
  if (!processes.leads()) apply_split_text(dataset, sets);
}

LoadedImages load_all_images(const TrainArguments& arguments, const Dataset& dataset, const InputSpec& input) {
  const std::vector<std::size_t> all = all_samples(dataset);
  const std::optional<fs::path> cache = arguments.no_cache ? std::nullopt : arguments.cache ? fs::path(*arguments.cache) : default_image_cache();
  return cache ? load_cached_images(dataset, all, input, *cache, arguments.threads) : load_images(dataset, all, input, arguments.threads);
}

/// Nothing where augmentation needs no more detail than the network sees.
std::optional<LoadedImages> load_detailed_images(const TrainArguments& arguments, const TrainOptions& options, const Dataset& dataset, InputSpec input) {
  if (!options.augment || options.detail <= 1) return std::nullopt;
  input.width = static_cast<int>(std::lround(options.detail * input.width));
  input.height = static_cast<int>(std::lround(options.detail * input.height));
  return load_all_images(arguments, dataset, input);
}

/// The list in full beside the run, since stderr names ten.
void list_unreadable(const TrainArguments& arguments, const Dataset& dataset, const LoadedImages& images) {
  const fs::path list = fs::path(arguments.out) / run_file::kUnreadable;
  if (images.failures.empty()) {
    fs::remove(list);
  } else {
    write_file_atomically(list, failures_csv(dataset, images.failures));
  }
}

}  // namespace

TrainingData load_training_data(const TrainArguments& arguments, const TrainOptions& options, const InputSpec& input, ProcessGroup& processes) {
  Dataset dataset = read_dataset(arguments.data);
  std::cerr << arguments.data << ": " << dataset.samples.size() << " images" << std::endl;
  if (!arguments.trust_labels) check_labels_against_names(dataset);
  LoadedImages images = load_all_images(arguments, dataset, input);
  if (processes.leads() && !arguments.is_trial()) list_unreadable(arguments, dataset, images);
  report_failures(images.failures, dataset.samples.size(), arguments.max_bad_share);
  const PixelHashes hashes = hashes_of(images);
  if (processes.leads()) choose_sets(arguments, options.seed, hashes, dataset);
  if (processes.leads() && arguments.no_validation) train_on_validation_set(dataset);
  share_sets(processes, dataset);
  check_sets(dataset);
  check_no_image_in_two_sets(dataset, hashes);
  warn_of_near_duplicates(dataset, images);
  std::optional<LoadedImages> detailed = load_detailed_images(arguments, options, dataset, input);
  TrainingData data = make_training_data(std::move(dataset), std::move(images), input, std::move(detailed));
  processes.require_equal("images and labels", data.manifest_sha256);
  for (const SetName set : {SetName::train, SetName::val, SetName::test}) {
    if (!samples_in(data.dataset, set).empty()) std::cerr << "  " << set_summary(data.dataset, set) << "\n";
  }
  if (!data.has_validation()) std::cerr << "no validation set: all epochs are trained, and the last one's weights are kept as they are, uncalibrated\n";
  warn_of_small_sets(data.train.labels, data.val.labels, data.dataset.class_names, options.batch_size);
  return data;
}

}  // namespace lobule
