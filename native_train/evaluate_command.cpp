#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

#include "atomic_file.h"
#include "command.h"
#include "common_options.h"
#include "dataset.h"
#include "dataset_evaluation.h"
#include "device.h"
#include "image_set.h"
#include "lobule/evaluation.h"
#include "lobule/report.h"
#include "perturbation_report.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

struct EvaluateOptions {
  std::string model;
  std::string data;
  std::string predictions;  // evaluates this table; model and data are empty then
  std::string out;
  std::string split;
  std::optional<int> fold;
  std::string set;              // empty: test where the data has sets, all where it has none
  bool count_training = false;  // rows that the table marks
  bool perturb = false;
  std::string device = "auto";
  PredictionSite site;
  EvaluationOptions evaluation;
};

/// The samples to evaluate, as indices.
std::vector<std::size_t> choose_samples(const EvaluateOptions& options, const Dataset& dataset) {
  const bool has_sets = samples_in(dataset, SetName::none).size() < dataset.samples.size();
  const std::string set = !options.set.empty() ? options.set : has_sets ? "test" : "all";
  if (set == "all") return all_samples(dataset);
  if (!has_sets) throw std::runtime_error(options.data + ": has no sets of its own; --set " + set + " needs --split");
  std::vector<std::size_t> chosen = samples_in(dataset, parse_set_name(set));
  if (chosen.empty()) throw std::runtime_error(options.data + ": set " + set + " has no image");
  return chosen;
}

/// Its messages speak of the table's content; the caller's file or folder goes in front.
Evaluation evaluate_table(const PredictionTable& table, const EvaluateOptions& options) {
  try {
    return evaluate(table, options.evaluation);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error((options.predictions.empty() ? options.data : options.predictions) + ": " + error.what());
  }
}

/// The rows that figures are of; says what was left out.
PredictionTable counted_rows(PredictionTable table, const EvaluateOptions& options) {
  if (options.count_training) return table;
  const int left_out = leave_out_training(table);
  if (left_out == 0) return table;
  const std::string of_training = " of patients whom the model learned from";
  if (table.rows.empty()) throw std::runtime_error(options.predictions + ": all images are" + of_training + "; --count-training counts them");
  std::cerr << options.predictions << ": " << left_out << " images" << of_training << " are left out; --count-training counts them\n";
  return table;
}

void write_figures(const PredictionTable& table, const EvaluateOptions& options, const std::string& subject) {
  const Evaluation evaluation = evaluate_table(counted_rows(table, options), options);
  write_evaluation(options.out, table, evaluation, "Evaluation of " + fs::path(subject).filename().string());
  std::cout << classification_report(evaluation) << std::flush;
}

/// On stderr, where the model's file names patients of these images as its training.
void warn_of_training(const ModelRunner& model, const Dataset& dataset, const std::vector<std::size_t>& chosen) {
  const std::vector<std::string>& training = model.file().package.training_patients;
  const auto is_known = [&](std::size_t i) { return std::find(training.begin(), training.end(), dataset.samples[i].patient) != training.end(); };
  const auto count = std::count_if(chosen.begin(), chosen.end(), is_known);
  if (count > 0) std::cerr << "note: the model learned from the patients of " << count << " of these " << chosen.size() << " images: they flatter it\n";
}

void evaluate_model(const EvaluateOptions& options) {
  const ModelRunner model(options.model, choose_device(options.device));
  model.require_golden_vectors();
  Dataset dataset = read_dataset(options.data);
  if (!options.split.empty()) {
    apply_split(dataset, options.split, options.fold);
  } else if (options.set != "all") {
    check_sets(dataset);
  }
  const std::vector<std::size_t> chosen = choose_samples(options, dataset);
  warn_of_training(model, dataset, chosen);
  const PredictionTable table = predict_dataset(model, dataset, chosen, options.site);
  write_figures(table, options, options.model);
  if (!options.perturb) return;
  const PerturbationTable perturbations = perturb(model, image_files(dataset, chosen), table, options.site.batch_size, options.site.threads);
  write_file_atomically(fs::path(options.out) / "perturbations.svg", perturbations_svg(perturbations));
  write_file_atomically(fs::path(options.out) / "perturbations.csv", perturbations_csv(perturbations));
  std::cout << '\n' << perturbations_text(perturbations) << '\n' << kResearchUseOnly << '\n';
}

void run_evaluate(const EvaluateOptions& options) {
  create_folder(options.out);  // an hour's work must not end at a folder that cannot be made
  if (options.predictions.empty()) {
    evaluate_model(options);
  } else {
    write_figures(read_prediction_table(options.predictions), options, options.predictions);
  }
  if (!std::cout.flush()) throw std::runtime_error("standard output: cannot write");
}

/// What CLI11 cannot say: model and data together, or a table instead of both.
void check_usage(const EvaluateOptions& options) {
  if (options.predictions.empty()) {
    if (options.data.empty()) throw CLI::RequiredError("MODEL.onnx and DATA, or --predictions,");
    if (options.fold && options.split.empty()) throw CLI::RequiresError("--fold", "--split");
  } else if (options.perturb) {
    throw CLI::ExcludesError("--perturb", "--predictions: it runs MODEL.onnx on corrupted images of DATA");
  } else if (!options.model.empty() || !options.split.empty() || !options.set.empty()) {
    throw CLI::ExcludesError("--predictions", "MODEL.onnx, DATA, --split and --set");
  }
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  const auto options = std::make_shared<EvaluateOptions>();
  CLI::App* command = app.add_subcommand("evaluate", "Every figure of a model on a labelled data set, or of a table of predictions");
  command->add_option("model", options->model, "ONNX file of `lobule export`");
  command->add_option("data", options->data, "BreaKHis tree, ImageFolder, or CSV manifest (path,label,patient)");
  command->add_option("--predictions", options->predictions, "Evaluate this predictions.csv instead of running a model");
  command
      ->add_flag("--count-training", options->count_training, "Also count what the table marks as in_training: images of patients whom the model learned from")
      ->needs("--predictions");
  command->add_option("--out", options->out, "Folder for evaluation.json, predictions.csv, classification_report.txt, report.html")->required();
  command->add_option("--split", options->split, "CSV of `lobule split`");
  command->add_option("--fold", options->fold, "Fold that tests, where the split has folds");
  command->add_option("--set", options->set, "Images to evaluate; by default test where there are sets, otherwise all")
      ->check(CLI::IsMember({"train", "val", "test", "all"}));
  command->add_flag("--perturb", options->perturb,
                    "Also run the model on the images corrupted in 16 ways at 5 severities: perturbations.csv, perturbations.svg; 80 times the work");
  command->add_option("--device", options->device, "Where the network runs: cpu, cuda or auto")->capture_default_str();
  command->add_option("--batch-size", options->site.batch_size, "Images given to the network at once")->check(CLI::Range(1, 4096))->capture_default_str();
  add_decoding_options(*command, options->site.threads, options->site.max_bad_share);
  add_bootstrap_option(*command, options->evaluation);
  command->footer("Example: lobule evaluate model.onnx breakhis --split split.csv --set test --out evaluation");
  command->callback([options] {
    check_usage(*options);
    run_evaluate(*options);
  });
}

}  // namespace lobule
