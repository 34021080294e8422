#include "run_summary.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

#include "atomic_file.h"
#include "early_stopping.h"
#include "run_folder.h"
#include "train_options.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

/// A training replaces its files while we look: what is gone now was never read.
std::optional<std::string> read_if_there(const fs::path& file) {
  if (!fs::exists(file)) return std::nullopt;
  try {
    return read_file(file);
  } catch (const std::runtime_error&) {
    if (!fs::exists(file)) return std::nullopt;
    throw;
  }
}

TrainOptions read_config(RunSummary& run) {
  const RunConfig config = read_run_config(run.folder);
  run.name = config.name;
  run.network = config.network.network;
  const TrainOptions options = saved_train_options(config);
  run.options_json = to_json(options);
  run.epochs = options.epochs;
  return options;
}

std::vector<EpochRecord> read_history(RunSummary& run) {
  const std::optional<std::string> text = read_if_there(run.folder / run_file::kHistory);
  if (!text) return {};
  std::vector<EpochRecord> history;
  try {
    history = parse_history(*text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(std::string(run_file::kHistory) + ": " + error.what());
  }
  if (history.empty()) return history;
  run.epochs_done = history.back().epoch;
  std::vector<double> seconds;
  const int best = best_epoch(history);
  for (const EpochRecord& record : history) {
    seconds.push_back(record.seconds);
    if (record.epoch == best) run.best = record;
  }
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::nth_element(seconds.begin(), middle, seconds.end());
  run.seconds_per_epoch = *middle;
  return history;
}

EstimatedFigure read_figure(const Json& json) {
  EstimatedFigure figure;
  if (!json.at("value").is_null()) figure.value = json.at("value").get<double>();
  if (!json.at("low").is_null()) figure.interval = Interval{json.at("low").get<double>(), json.at("high").get<double>()};
  return figure;
}

void read_evaluation(RunSummary& run) {
  const std::optional<std::string> text = read_if_there(run.folder / run_file::kEvaluation);
  if (!text) return;
  try {
    const Json figures = Json::parse(*text).at("images").at("figures");
    run.test_accuracy = read_figure(figures.at("accuracy"));
    run.test_auc = read_figure(figures.at("auc"));
  } catch (const Json::exception& error) {
    throw std::runtime_error(std::string(run_file::kEvaluation) + ": not an evaluation: " + error.what());
  }
}

/// Also a folder that cannot be looked into: read_run says why.
bool may_be_run(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / run_file::kConfig, error) || error;
}

void read_files(RunSummary& run) {
  const TrainOptions options = read_config(run);
  const std::vector<EpochRecord> history = read_history(run);
  const bool trained = run.epochs_done >= options.epochs || should_stop(history, options.patience);
  if (!trained || !fs::exists(run.folder / run_file::kCard)) return;  // figures of an earlier, shorter training may lie there
  run.state = RunState::finished;
  read_evaluation(run);
}

}  // namespace

std::vector<fs::path> find_runs(const fs::path& root) {
  if (!fs::is_directory(root)) throw std::runtime_error(root.string() + ": is no folder");
  if (may_be_run(root)) return {root};
  std::vector<fs::path> runs;
  for (fs::recursive_directory_iterator entry(root), end; entry != end; ++entry) {
    if (entry->is_symlink() || !entry->is_directory() || !may_be_run(entry->path())) continue;
    runs.push_back(entry->path());
    entry.disable_recursion_pending();
  }
  std::sort(runs.begin(), runs.end());
  return runs;
}

RunSummary read_run(const fs::path& folder) {
  RunSummary run;
  run.folder = folder;
  try {
    read_files(run);
  } catch (const std::exception& error) {
    run.state = RunState::damaged;
    const std::string message = error.what();
    const std::string prefix = (folder / "").string();
    run.damage = message.starts_with(prefix) ? message.substr(prefix.size()) : message;
  }
  return run;
}

}  // namespace lobule
