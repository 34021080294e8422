#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "command.h"
#include "run_summary.h"
#include "run_table.h"

namespace lobule {
namespace {

struct RunsOptions {
  std::vector<std::string> folders;
  std::string sort;
  bool json = false;
};

void run_runs(const RunsOptions& options) {
  std::vector<RunSummary> runs;
  for (const std::string& folder : options.folders) {
    const std::vector<std::filesystem::path> found = find_runs(folder);
    if (found.empty()) throw std::runtime_error(folder + ": no run lies there (a folder with config.json)");
    for (const std::filesystem::path& run : found) runs.push_back(read_run(run));
  }
  if (!options.sort.empty()) sort_runs(runs, options.sort);
  std::cout << (options.json ? run_table_json(runs) : run_table_text(runs));
  if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
}

}  // namespace

void add_runs_command(CLI::App& app) {
  const auto options = std::make_shared<RunsOptions>();
  CLI::App* command = app.add_subcommand("runs", "Compare run folders in a table, with the options in which they differ");
  command->add_option("folders", options->folders, "Run folders, or folders above them")->required();
  command->add_option("--sort", options->sort,
                      "Column: run, name, network, best-epoch, val-loss, val-accuracy, val-auc, test-accuracy, test-auc, seconds, state, or an option in which "
                      "the runs differ, such as lr");
  command->add_flag("--json", options->json, "One JSON document, with all options of each run");
  command->footer("Validation figures are those of the best epoch. Reads only: a run may be training.\nExample: lobule runs experiments --sort val-loss");
  command->callback([options] { run_runs(*options); });
}

}  // namespace lobule
