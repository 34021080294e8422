#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "atomic_file.h"
#include "command.h"
#include "common_options.h"
#include "confounders.h"
#include "dataset_evaluation.h"
#include "lobule/comparison.h"
#include "lobule/model_package.h"
#include "lobule/report.h"
#include "text_table.h"

namespace lobule {
namespace {

struct ConfounderOptions {
  std::string data;
  std::string split;
  std::string predictions;  // of a network, to stand beside; empty: none
  std::string out;          // empty: no tables
  int threads = 0;
  double max_bad_share = kMaxBadShare;
  EvaluationOptions evaluation;
};

struct Baselines {
  std::vector<NamedTable> tables;
  std::vector<std::string> left_out;  // "source: the data does not say it"
};

Baselines predict_baselines(const ConfounderOptions& options) {
  const Dataset dataset = read_dataset(options.data);
  if (dataset.class_names.size() != 2) throw std::runtime_error(options.data + ": has more than two classes");
  const std::vector<Fold> folds = read_folds(dataset, options.split);
  Baselines baselines;
  for (const auto& [name, categories] : {std::pair{"magnification", magnifications_of(dataset)}, std::pair{"source", sources_of(dataset)}}) {
    if (const std::optional<std::string> reason = why_says_nothing(categories, folds)) {
      baselines.left_out.push_back(std::string(name) + ": " + *reason);
    } else {
      baselines.tables.push_back({name, predict_from_categories(dataset, folds, categories)});
    }
  }
  const LoadedColours loaded = load_colours(dataset, folds, options.threads);
  std::size_t tested = 0;
  for (const Fold& fold : folds) tested += fold.test.size();
  report_failures(loaded.failures, tested, options.max_bad_share);
  baselines.tables.push_back({"mean_colour", predict_from_colours(dataset, folds, loaded)});
  return baselines;
}

void write_tables(const std::string& folder, const std::vector<NamedTable>& tables) {
  create_folder(folder);
  for (const NamedTable& table : tables) write_file_atomically(std::filesystem::path(folder) / (table.name + ".csv"), to_csv(table.predictions));
}

/// Columns without the network's difference.
std::vector<TextColumn> figure_columns(const std::vector<NamedTable>& tables, const EvaluationOptions& options) {
  std::vector<TextColumn> columns = {{{"given only"}}, {{"ROC AUC of images"}}, {{"ROC AUC of patients"}}, {{"balanced accuracy of images"}}};
  for (const NamedTable& table : tables) {
    const Evaluation evaluation = evaluate(table.predictions, options);
    columns[0].cells.push_back(table.name);
    columns[1].cells.push_back(figure_text(evaluation.images.auc));
    columns[2].cells.push_back(figure_text(evaluation.patients.auc));
    columns[3].cells.push_back(figure_text(evaluation.images.balanced_accuracy));
  }
  return columns;
}

/// How much more the network's ROC AUC of images is than each baseline's, paired by patient.
TextColumn difference_column(const NamedTable& network, const std::vector<NamedTable>& baselines, const EvaluationOptions& options) {
  TextColumn column = {{"network - this, ROC AUC of images"}};
  for (const NamedTable& baseline : baselines) {
    const Comparison comparison = compare({&network, 1}, {&baseline, 1}, options);
    column.cells.push_back(difference_text(comparison.figures.front().difference));
  }
  column.cells.emplace_back();
  return column;
}

void run_confounders(const ConfounderOptions& options) {
  std::optional<NamedTable> network;
  if (!options.predictions.empty()) network = {options.predictions, read_prediction_table(options.predictions)};
  const Baselines baselines = predict_baselines(options);
  std::vector<NamedTable> rows = baselines.tables;
  if (network) rows.push_back({"network: " + network->name, network->predictions});
  std::vector<TextColumn> columns = figure_columns(rows, options.evaluation);
  if (network) columns.push_back(difference_column(*network, baselines.tables, options.evaluation));
  if (!options.out.empty()) write_tables(options.out, baselines.tables);
  std::cout << text_table(columns);
  for (const std::string& reason : baselines.left_out) std::cout << "left out: " << reason << '\n';
  std::cout << '\n' << kResearchUseOnly << '\n';
  if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
}

}  // namespace

void add_confounders_command(CLI::App& app) {
  const auto options = std::make_shared<ConfounderOptions>();
  CLI::App* command =
      app.add_subcommand("confounders", "What models reach on the same folds that are given only an image's magnification, source or mean colour");
  command->add_option("data", options->data, "BreaKHis tree, ImageFolder, or CSV manifest (path,label,patient)")->required();
  command->add_option("--split", options->split, "CSV with folds (of lobule split --folds, or with columns path and fold)")->required();
  command->add_option("--predictions", options->predictions, "Predictions of a network on the same folds (lobule crossval), to stand beside them");
  command->add_option("--out", options->out, "Folder for magnification.csv, source.csv, mean_colour.csv: their predictions of each image");
  add_bootstrap_option(*command, options->evaluation);
  command->add_option("--seed", options->evaluation.bootstrap_seed, "Seed of the replicates")->capture_default_str();
  add_decoding_options(*command, options->threads, options->max_bad_share);
  command->footer("Example: lobule confounders breakhis --split cv/repeat1/folds.csv --predictions cv/repeat1/predictions.csv");
  command->callback([options] { run_confounders(*options); });
}

}  // namespace lobule
