#include <memory>
#include <stdexcept>

#include "command.h"
#include "train_arguments.h"
#include "train_run.h"

namespace lobule {

void add_train_command(CLI::App& app) {
  const auto arguments = std::make_shared<TrainArguments>();
  CLI::App* train = app.add_subcommand("train", "Train a network; ends with model.onnx, its evaluation on the test set, and a card");
  add_train_arguments(*train, *arguments);
  train->footer(
      "Example: lobule train phantoms --out run --epochs 8\nDefaults are the network's: docs/training.md says them, and a run's config.json holds all that it "
      "used.");
  train->callback([train, arguments] {
    note_given(*train, *arguments);
    if (arguments->out.empty() && !arguments->is_trial()) throw CLI::RequiredError("--out");
    if (arguments->is_trial()) return run_train_trial(*arguments);
    if (run_train(*arguments) == TrainingEnd::interrupted) {
      throw std::runtime_error("interrupted; a checkpoint is kept. To go on: lobule train " + arguments->data + " --out " + arguments->out + " --resume");
    }
  });
}

}  // namespace lobule
