#include "finished_run.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <span>

#include "atomic_file.h"
#include "checkpoint.h"
#include "dataset_evaluation.h"
#include "early_stopping.h"
#include "export_model.h"
#include "lobule/report.h"
#include "model_card.h"
#include "model_scope.h"
#include "predict_logits.h"
#include "temperature.h"

namespace lobule {
namespace fs = std::filesystem;
namespace {

Calibration calibrate_out_of_fold(const OutOfFold& out_of_fold) {
  Calibration calibration = fit_temperature(out_of_fold.folds);
  PredictionTable table = merge_predictions(out_of_fold.folds);
  divide_logits(table, calibration.temperature);
  calibration.threshold = choose_threshold(table, out_of_fold.threshold);
  calibration.threshold_rule = rule_text(out_of_fold.threshold);
  return calibration;
}

/// Nothing where no validation set says how sure the network may be: its logits stay as they are.
std::optional<Calibration> calibrate(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site,
                                     const OutOfFold& out_of_fold) {
  if (!data.has_validation() && out_of_fold.folds.empty()) {
    fs::remove(site.run_dir / run_file::kCalibration);
    return std::nullopt;
  }
  const Calibration calibration = data.has_validation()
                                      ? fit_temperature(predict_logits(network, data.val, options, site), data.val.labels, data.dataset.positive_class)
                                      : calibrate_out_of_fold(out_of_fold);
  write_file_atomically(site.run_dir / run_file::kCalibration, to_json(calibration));
  std::cerr << std::fixed << std::setprecision(3) << "temperature " << calibration.temperature << ": expected calibration error "
            << (data.has_validation() ? "on validation " : "out of fold ") << calibration.ece_before << " before, " << calibration.ece_after << " after"
            << std::endl;
  return calibration;
}

/// Rewrites the model with its figures inside, and its scope where it has one; the digest is returned.
std::string put_into_model(const fs::path& model, const std::string& summary, const std::optional<ModelScope>& scope = std::nullopt) {
  const std::string before = read_file(model);
  ModelFile file = read_model_file(std::as_bytes(std::span(before)));
  file.package.evaluation_json = summary;
  file.package.scope = scope;
  const std::string after = write_model_file(file.onnx, file.package);
  write_file_atomically(model, after);
  return read_model_file(std::as_bytes(std::span(after))).package.digest;
}

/// The scope of the run's model, after what the study found of models trained alike; the table's rows are refused as it refuses.
ModelScope give_scope(const ScopeStudy& study, const TrainOptions& options, const TrainingSite& site, PredictionTable& table) {
  const ModelRunner model(site.run_dir / run_file::kModel, site.device);
  ModelScope scope = make_model_scope(model, study, weak_magnifications(evaluate(table)), options, site.loader_threads);
  write_file_atomically(site.run_dir / run_file::kScope, to_json(scope));
  refuse_rows(study, scope.weak_magnifications, table);
  return scope;
}

/// Of models trained alike; the table names no model, since each fold has its own.
Evaluation evaluate_out_of_fold(const OutOfFold& out_of_fold, double threshold, const TrainOptions& options, const TrainingSite& site) {
  PredictionTable table = merge_predictions(cross_calibrated(out_of_fold.folds));
  set_threshold(table, threshold);
  std::optional<ModelScope> scope;
  if (out_of_fold.scope) scope = give_scope(*out_of_fold.scope, options, site, table);
  Evaluation evaluation = evaluate(table);
  put_into_model(site.run_dir / run_file::kModel, evaluation_summary(evaluation, static_cast<int>(out_of_fold.folds.size())), scope);
  write_evaluation(site.run_dir, table, evaluation, "Out-of-fold evaluation of models trained like this one");
  return evaluation;
}

/// Nothing where the data has no test set.
std::optional<Evaluation> evaluate_test_set(const TrainingData& data, const TrainingSite& site, double max_bad_share) {
  const std::vector<std::size_t> test = samples_in(data.dataset, SetName::test);
  if (test.empty()) {
    std::cerr << "no test set: nothing says how good this model is" << std::endl;
    return std::nullopt;
  }
  const fs::path model = site.run_dir / run_file::kModel;
  const ModelRunner runner(model, site.device);
  runner.require_golden_vectors();
  PredictionSite prediction;  // in batches of `lobule evaluate`: batches of another size may round in another way
  prediction.max_bad_share = max_bad_share;
  prediction.name_unreadable = false;  // they were named before the training
  PredictionTable table = predict_dataset(runner, data.dataset, test, prediction);
  Evaluation evaluation = evaluate(table);
  table.model_digest = evaluation.model_digest = put_into_model(model, evaluation_summary(evaluation));
  write_evaluation(site.run_dir, table, evaluation, "Evaluation of " + runner.spec().name);
  std::cout << classification_report(evaluation) << std::flush;
  return evaluation;
}

CardFacts card_facts(const RunConfig& config, const TrainingData& data, const Network& network, const TrainingSite& site) {
  const std::string model = read_file(site.run_dir / run_file::kModel);
  CardFacts facts;
  facts.config = config;
  facts.package = read_model_file(std::as_bytes(std::span(model))).package;
  facts.model_bytes = model.size();
  facts.parameters = parameter_count(network);
  facts.weights_sha256 = weights_sha256(network);
  for (const SetName set : {SetName::train, SetName::val, SetName::test}) {
    if (!samples_in(data.dataset, set).empty()) facts.set_summaries.push_back(set_summary(data.dataset, set));
  }
  return facts;
}

}  // namespace

void finish_run(const RunConfig& config, const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site,
                double max_bad_share, const OutOfFold& out_of_fold) {
  load_result_weights(site.run_dir, options.tuned_share, network);
  std::cerr << "weights that are kept: SHA-256 " << weights_sha256(network) << std::endl;
  // Of an earlier, shorter training: the model file would take them for its own figures.
  for (const char* stale : {run_file::kEvaluation, "predictions.csv", "classification_report.txt", "report.html", run_file::kScope, run_file::kCard}) {
    fs::remove(site.run_dir / stale);
  }
  const std::optional<Calibration> calibration = calibrate(options, data, network, site, out_of_fold);
  ExportOptions exporting;
  exporting.half_weights = options.half_weights;
  exporting.with_patients = options.with_patients;
  export_model(site.run_dir, exporting);
  const bool is_described = samples_in(data.dataset, SetName::test).empty() && !out_of_fold.folds.empty();
  const std::optional<Evaluation> test =
      is_described ? evaluate_out_of_fold(out_of_fold, calibration->threshold, options, site) : evaluate_test_set(data, site, max_bad_share);
  CardFacts facts = card_facts(config, data, network, site);
  facts.calibration = calibration;
  facts.test = test;
  if (is_described) facts.out_of_fold = out_of_fold;
  write_file_atomically(site.run_dir / run_file::kCard, model_card(facts));
  std::cerr << site.run_dir.string() << ": " << run_file::kModel << ", its evaluation and " << run_file::kCard << " are written" << std::endl;
}

}  // namespace lobule
