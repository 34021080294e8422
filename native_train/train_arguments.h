#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <set>
#include <string>

#include "image_set.h"
#include "run_folder.h"
#include "train_options.h"

namespace lobule {

/// What the command line of `lobule train` says. Only the training's options decide its result.
struct TrainArguments {
  std::string data;
  std::string out;
  std::string split;
  std::optional<int> fold;
  std::string device = "auto";
  int threads = 0;
  double max_bad_share = kMaxBadShare;
  double checkpoint_minutes = 10;
  std::optional<std::string> cache;  // nothing: the default's
  bool no_cache = false;
  bool trust_labels = false;
  bool no_validation = false;  // the validation set trains, too
  bool resume = false;
  bool find_lr = false;           // try learning rates, and keep nothing
  bool dry_run = false;           // say what a run would do, and keep nothing
  std::string show_augmentation;  // PNG to write, and nothing else; empty: train
  std::string name;               // empty: the network's
  std::string config;             // a run's config.json, whose options are taken; empty: none
  TrainOptions options;           // with what is below, as far as it was given
  std::string input_size;         // "" and so on: not given
  std::string weights;
  std::string normalisation;
  std::string optimizer;
  std::string schedule;
  std::string precision;
  std::string class_weights;
  std::string balance;
  bool no_augmentation = false;
  bool no_flips = false;
  std::set<std::string> given;  // names of the options that were on the command line, without dashes

  /// Whether this is to leave no run behind.
  bool is_trial() const { return find_lr || dry_run || !show_augmentation.empty(); }
};

/// Adds the options of `lobule train` to the subcommand; note_given must be called when it has been parsed.
void add_train_arguments(CLI::App& app, TrainArguments& arguments);
/// Those of them that say how to train, not on which sets or where to.
void add_training_arguments(CLI::App& app, TrainArguments& arguments);
void note_given(const CLI::App& app, TrainArguments& arguments);

/// The options of a new run: its network's defaults or those of --config, with what the command line says. Throws std::runtime_error naming file and cause.
TrainOptions new_options(const TrainArguments& arguments);

/// The saved options, with those of the command line that may change. Throws std::runtime_error naming the first that may not.
TrainOptions resumed_options(const TrainArguments& arguments, const RunConfig& saved);

/// What load_pretrained_weights is to be given: the options know a file by its digest alone. Throws std::runtime_error when they name one and the command line does not.
std::string weights_to_load(const TrainArguments& arguments, const TrainOptions& options);

}  // namespace lobule
