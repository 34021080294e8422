#include <iostream>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "atomic_file.h"
#include "command.h"
#include "common_options.h"
#include "dataset_evaluation.h"
#include "lobule/comparison.h"
#include "lobule/model_package.h"
#include "lobule/number_text.h"
#include "lobule/report.h"
#include "text_table.h"

namespace lobule {
namespace {

struct CompareOptions {
  std::vector<std::string> pair;  // A and B; the lists are empty then
  std::vector<std::string> a;
  std::vector<std::string> b;
  std::string out;
  EvaluationOptions evaluation;
};

std::vector<NamedTable> read_tables(const std::vector<std::string>& files) {
  std::vector<NamedTable> tables;
  for (const std::string& file : files) tables.push_back({file, read_prediction_table(file)});
  return tables;
}

/// Images that one of the tables marks as its model's training leave all of them. Says how many.
void leave_out_training(std::vector<NamedTable>& a, std::vector<NamedTable>& b) {
  std::set<std::string> marked;
  for (const std::vector<NamedTable>* side : {&a, &b}) {
    for (const NamedTable& table : *side) {
      for (const PredictionRow& row : table.predictions.rows) {
        if (row.in_training) marked.insert(row.path);
      }
    }
  }
  if (marked.empty()) return;
  for (std::vector<NamedTable>* side : {&a, &b}) {
    for (NamedTable& table : *side) std::erase_if(table.predictions.rows, [&](const PredictionRow& row) { return marked.contains(row.path); });
  }
  std::cerr << marked.size() << " images of patients whom a model learned from are left out\n";
}

std::string side_text(const std::string& side, const std::vector<std::string>& files) {
  std::string text = side + ": ";
  if (files.size() > 1) text += "the mean over " + std::to_string(files.size()) + " tables: ";
  for (const std::string& file : files) text += (&file == &files.front() ? "" : ", ") + file;
  return text + '\n';
}

std::string unscored_text(const std::string& side, std::int64_t count) {
  return count == 0 ? "" : side + ": " + std::to_string(count) + " predictions without a probability, which no AUC counts\n";
}

std::string calls_text(const std::string& cases, const std::optional<PairedCalls>& calls) {
  if (!calls) return "";
  std::string text = cases + ": both right " + std::to_string(calls->both_right) + ", A alone " + std::to_string(calls->only_a) + ", B alone " +
                     std::to_string(calls->only_b) + ", neither " + std::to_string(calls->neither);
  if (calls->undecided > 0) text += ", not decided by both " + std::to_string(calls->undecided);
  return text + "; McNemar's exact p " + fixed(calls->p_value, 4) + '\n';
}

std::string comparison_text(const Comparison& comparison) {
  std::string text = std::to_string(comparison.images) + " images (" + std::to_string(comparison.positives) + " positive) of " +
                     std::to_string(comparison.patients) + " patients\n";
  if (comparison.unlabelled > 0) text += std::to_string(comparison.unlabelled) + " images without a label are left out\n";
  text += unscored_text("A", comparison.unscored_a) + unscored_text("B", comparison.unscored_b) + '\n';
  std::vector<TextColumn> columns = {{{""}}, {{"A"}}, {{"B"}}, {{"A - B"}}};
  for (const ComparedFigure& figure : comparison.figures) {
    columns[0].cells.emplace_back(figure.title);
    columns[1].cells.push_back(figure_text(figure.a));
    columns[2].cells.push_back(figure_text(figure.b));
    columns[3].cells.push_back(difference_text(figure.difference));
  }
  text += text_table(columns) + '\n';
  text += calls_text("Images", comparison.image_calls) + calls_text("Patients", comparison.patient_calls);
  if (comparison.image_calls) text += "McNemar's test assumes independent cases: patients are, images of one patient are not\n\n";
  const EvaluationOptions& options = comparison.options;
  if (options.bootstrap_replicates > 0) {
    text += "95 % percentile intervals of " + std::to_string(options.bootstrap_replicates) + " draws of patients, each the same in all tables (seed " +
            std::to_string(options.bootstrap_seed) + ")\n";
  }
  return text + std::string(kResearchUseOnly) + '\n';
}

void run_compare(const CompareOptions& options) {
  const std::vector<std::string> a = options.pair.empty() ? options.a : std::vector{options.pair.front()};
  const std::vector<std::string> b = options.pair.empty() ? options.b : std::vector{options.pair.back()};
  std::vector<NamedTable> tables_a = read_tables(a);
  std::vector<NamedTable> tables_b = read_tables(b);
  leave_out_training(tables_a, tables_b);
  const Comparison comparison = compare(tables_a, tables_b, options.evaluation);
  if (!options.out.empty()) write_file_atomically(options.out, options.out.ends_with(".json") ? to_json(comparison) : to_csv(comparison));
  std::cout << side_text("A", a) << side_text("B", b) << comparison_text(comparison);
  if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
}

/// What CLI11 cannot say: two tables, or two lists of them.
void check_usage(const CompareOptions& options) {
  const bool has_lists = !options.a.empty() || !options.b.empty();
  if (!options.pair.empty() && has_lists) throw CLI::ExcludesError("A.csv B.csv", "--a and --b");
  if (options.pair.empty() && (options.a.empty() || options.b.empty())) throw CLI::RequiredError("A.csv B.csv, or --a and --b,");
}

}  // namespace

void add_compare_command(CLI::App& app) {
  const auto options = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare", "Compare two models by their predictions of the same images: differences with intervals, paired by patient");
  command->add_option("tables", options->pair, "A.csv B.csv: two predictions.csv, or tables of other software with path, label, patient and p_<positive class>")
      ->expected(2);
  command->add_option("--a", options->a, "Tables of A where there are several, such as repeats of a cross-validation: their figures' mean is compared");
  command->add_option("--b", options->b, "Tables of B, as many as there are");
  command->add_option("--out", options->out, "CSV with a line a figure: A, B, A - B and their intervals; or all of it as JSON, where the name ends in .json");
  add_bootstrap_option(*command, options->evaluation);
  command->add_option("--seed", options->evaluation.bootstrap_seed, "Seed of the replicates")->capture_default_str();
  command->footer(
      "Examples: lobule compare cv/repeat1/predictions.csv other.csv\n"
      "          lobule compare --a cv/repeat*/predictions.csv --b other1.csv other2.csv");
  command->callback([options] {
    check_usage(*options);
    run_compare(*options);
  });
}

}  // namespace lobule
