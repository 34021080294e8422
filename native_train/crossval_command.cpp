#include <memory>
#include <stdexcept>

#include "command.h"
#include "cross_validation.h"
#include "process_environment.h"

namespace lobule {
namespace {

void run_crossval(const CrossvalArguments& arguments) {
  if (read_process_environment().size > 1) {
    throw std::runtime_error("lobule crossval runs in one process; with several, train the folds one by one: lobule train --split folds.csv --fold 0");
  }
  if (run_cross_validation(arguments) == TrainingEnd::interrupted) {
    throw std::runtime_error("interrupted; a checkpoint is kept. The same command goes on: lobule crossval " + arguments.training.data + " --out " +
                             arguments.training.out);
  }
}

}  // namespace

void add_crossval_command(CLI::App& app) {
  const auto arguments = std::make_shared<CrossvalArguments>();
  CLI::App* command = app.add_subcommand("crossval", "Train and test on every fold in turn: what to expect for patients that a model has never seen");
  command
      ->add_option("--out", arguments->training.out, "Folder: a run for each fold, out-of-fold predictions and their evaluation for each repeat, crossval.csv")
      ->required();
  CLI::Option* folds = command->add_option("--folds", arguments->folds, "Parts of the patients: each tests once, and validates for the one before")
                           ->check(CLI::Range(3, 1000))
                           ->capture_default_str();
  CLI::Option* repeats = command->add_option("--repeats", arguments->repeats, "Repetitions with other folds and seeds: --seed, --seed + 1, ...")
                             ->check(CLI::Range(1, 1000))
                             ->capture_default_str();
  command->add_option("--split", arguments->splits, "CSV with folds (of lobule split --folds, or with columns path and fold), one for each repeat")
      ->excludes(folds)
      ->excludes(repeats);
  command->add_flag("--refit", arguments->refit,
                    "Then train a model on all images, in OUT/final: calibrated and described by the out-of-fold predictions. Needs --no-validation");
  CLI::Option* rule =
      command
          ->add_option("--threshold", arguments->threshold.name,
                       "The threshold of the model of --refit: half (0.5), youden (largest sensitivity + specificity out of fold), or sensitivity")
          ->check(CLI::IsMember({"half", "youden", "sensitivity"}))
          ->needs("--refit")
          ->capture_default_str();
  command->add_option("--sensitivity", arguments->threshold.sensitivity, "What --threshold sensitivity is to reach out of fold")
      ->check(CLI::Range(0.01, 1.0))
      ->needs(rule)
      ->capture_default_str();
  CLI::Option* outside = command
                             ->add_option("--outside", arguments->scope.outside,
                                          "Images that the model of --refit is to refuse, in a folder for each kind: a gate is fitted to its features, and "
                                          "measured out of fold")
                             ->needs("--refit");
  command->add_option("--inside", arguments->scope.inside, "Further data sets of the tissue that the model is to answer for, whose labels are not looked at")
      ->needs(outside);
  add_training_arguments(*command, arguments->training);
  command->footer(
      "Example: lobule crossval breakhis --out cv --repeats 3 --network efficientnet_lite0\nThe options are those of lobule train. What is there already is "
      "kept: "
      "the same command goes on where it was interrupted.");
  command->callback([command, arguments] {
    note_given(*command, arguments->training);
    if (arguments->refit && !arguments->training.no_validation) throw CLI::RequiresError("--refit", "--no-validation");
    run_crossval(*arguments);
  });
}

}  // namespace lobule
