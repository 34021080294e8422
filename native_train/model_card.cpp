#include "model_card.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "early_stopping.h"
#include "lobule/number_text.h"
#include "lobule/report.h"
#include "model_scope.h"
#include "operating_points.h"
#include "operating_points_report.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

std::string threshold_text(const CardFacts& facts) {
  const std::string text = fixed(facts.package.spec.threshold_high, 3) + " on its probability";
  if (!facts.calibration || facts.calibration->threshold_rule == rule_text({})) return text;
  return text + ", chosen out of fold by this rule: " + facts.calibration->threshold_rule;
}

void write_model(std::ostream& out, const CardFacts& facts) {
  const ModelSpec& spec = facts.package.spec;
  out << "## Model\n\n"
      << "- Network: " << spec.network << ", " << facts.parameters << " parameters, input " << spec.input.width << " x " << spec.input.height
      << " pixels, RGB\n"
      << "- Classes: ";
  for (std::size_t i = 0; i < spec.class_names.size(); ++i) out << (i == 0 ? "" : ", ") << spec.class_names[i];
  out << "; positive: " << spec.class_names.at(static_cast<std::size_t>(spec.positive_class)) << "; threshold " << threshold_text(facts) << "\n"
      << "- File: model.onnx, " << facts.model_bytes << " bytes, digest " << facts.package.digest << "\n"
      << "- SHA-256 of the trained weights: " << facts.weights_sha256 << "\n\n";
}

void write_use(std::ostream& out, const CardFacts& facts) {
  out << "## Use\n\n" << kResearchUseOnly;
  if (facts.package.scope) {
    out << " It gives no result for images that are unlike those that it was made for, as far as it can tell: see below.\n";
  } else {
    out << " It answers for images like those that it was trained on, and has no way to know others: another stain,\n"
        << "scanner, magnification, organ, or a photograph gets a probability too.\n";
  }
  if (Json::parse(facts.config.training_json).at("data").at("synthetic").get<bool>()) {
    out << "\nEvery image behind this model is **synthetic**: drawn by `lobule phantom`, not taken from a patient. The model shows how the\n"
        << "program works; its answers on real tissue mean nothing.\n";
  }
  out << "\n";
}

void write_data(std::ostream& out, const CardFacts& facts) {
  out << "## Data\n\nSets are divided by patient: no patient, and no image under two names, is in two of them.\n\n";
  for (const std::string& line : facts.set_summaries) out << "- " << line << "\n";
  const Json training = Json::parse(facts.config.training_json);
  const Json& data = training.at("data");
  const auto sources = data.at("sources").get<std::vector<std::string>>();
  for (std::size_t i = 0; i < sources.size(); ++i) out << (i == 0 ? "- sources: " : ", ") << sources[i];
  out << (sources.empty() ? "" : "\n")
      << "- SHA-256 of the data manifest (paths, labels, patients, sets, pixel hashes): " << data.at("manifest_sha256").get<std::string>() << "\n\n";
}

std::string kept_weights(const std::vector<EpochRecord>& history) {
  if (history.empty()) return "The last stage is a logistic regression of the features; nothing was trained after that.";
  const std::string loss = "Cross-entropy over a softmax of the classes, ";
  if (!history.back().val) return loss + "weights of the last epoch, " + std::to_string(history.size()) + ": there was no validation set to choose by.";
  return loss + "weights of the epoch with the lowest validation loss: epoch " + std::to_string(best_epoch(history)) + " of " + std::to_string(history.size()) +
         ".";
}

std::string calibration_text(const std::optional<Calibration>& calibration, bool out_of_fold) {
  if (!calibration) return "The probabilities are not calibrated: there was no validation set.";
  return "Logits are divided by the temperature " + fixed(calibration->temperature, 3) + ", fitted on " +
         (out_of_fold ? "the out-of-fold predictions of the models that cross-validation trained alike: their" : "the validation set: its") +
         " expected calibration error went from " + fixed(calibration->ece_before, 3) + " to " + fixed(calibration->ece_after, 3) + ".";
}

void write_training(std::ostream& out, const CardFacts& facts) {
  const Json training = Json::parse(facts.config.training_json);
  const std::vector<EpochRecord>& history = facts.package.history;
  out << "## Training\n\n" << kept_weights(history) << "\n\n| option | value |\n|---|---|\n";
  for (const auto& item : training.at("options").items()) {
    const Json& value = item.value();
    out << "| --" << item.key() << " | " << (value.is_string() ? value.get<std::string>() : value.dump()) << " |\n";
  }
  const Json& made_with = training.at("made_with");
  out << "\nMade with LibTorch " << made_with.at("libtorch").get<std::string>() << " on " << made_with.at("device").get<std::string>() << ", ";
  if (const int processes = made_with.at("processes").get<int>(); processes > 1) out << processes << " processes of ";
  out << made_with.at("threads").get<int>() << " threads. " << calibration_text(facts.calibration, facts.out_of_fold.has_value()) << "\n\n";
}

std::string what_was_tested(const CardFacts& facts) {
  if (!facts.out_of_fold) return "On the test set, by the exported file.";
  const std::string folds = std::to_string(facts.out_of_fold->folds.size());
  std::string text = "These are **not figures of this file**, which was trained on all patients: nobody is left to test it. They are of " + folds +
                     " models trained with the same options, each tested on the patients of the fold that it did not see, with the temperature fitted on the "
                     "other folds.";
  if (facts.out_of_fold->repeats.size() > 1) {
    text += " ROC AUC of images with other folds and seeds:";
    for (std::size_t i = 1; i < facts.out_of_fold->repeats.size(); ++i) {
      text += (i == 1 ? " " : ", ") + (facts.out_of_fold->repeats[i] ? fixed(*facts.out_of_fold->repeats[i], 3) : std::string("undefined"));
    }
    text += ".";
  }
  if (facts.calibration->threshold_rule != rule_text({})) {
    text += " The threshold was chosen by these very predictions, which flatters what it decides; the operating points below are cross-fitted.";
  }
  return text;
}

/// A column for each of the levels; none of them is empty.
void write_figures(std::ostream& out, const std::vector<std::pair<std::string, const LevelEvaluation*>>& levels) {
  const auto row = [&](const std::string& name, const auto& cell_of) {
    out << "| " << name << " |";
    for (const auto& [heading, level] : levels) out << " " << cell_of(*level) << " |";
    out << "\n";
  };
  out << "| figure |";
  for (const auto& [heading, level] : levels) out << " " << level->cases << " " << heading << " |";
  out << "\n|---|";
  for (std::size_t i = 0; i < levels.size(); ++i) out << "---|";
  out << "\n";
  const std::pair<const char*, EstimatedFigure LevelEvaluation::*> figures[] = {{"accuracy", &LevelEvaluation::accuracy},
                                                                                {"balanced accuracy", &LevelEvaluation::balanced_accuracy},
                                                                                {"precision", &LevelEvaluation::precision},
                                                                                {"recall (sensitivity)", &LevelEvaluation::recall},
                                                                                {"specificity", &LevelEvaluation::specificity},
                                                                                {"F1", &LevelEvaluation::f1},
                                                                                {"MCC", &LevelEvaluation::mcc},
                                                                                {"AUC", &LevelEvaluation::auc},
                                                                                {"expected calibration error", &LevelEvaluation::ece}};
  for (const auto& [name, figure] : figures) row(name, [&](const LevelEvaluation& level) { return figure_text(level.*figure); });
  row("true positive / false positive / true negative / false negative", [](const LevelEvaluation& level) {
    const BinaryCounts& counts = level.counts;
    return std::to_string(counts.true_positive) + " / " + std::to_string(counts.false_positive) + " / " + std::to_string(counts.true_negative) + " / " +
           std::to_string(counts.false_negative);
  });
  row("refused", [](const LevelEvaluation& level) { return std::to_string(level.refused); });
  out << "\n";
}

/// What the scope gate and the limits of quality refuse.
void write_scope(std::ostream& out, const CardFacts& facts) {
  if (!facts.package.scope) return;
  const ModelScope& scope = *facts.package.scope;
  const Json study = Json::parse(scope.study_json);
  out << "## When it gives no result\n\n"
      << "A gate, linear in the network's features, knows images unlike those that the model is to answer for; with it the limits of quality (focus, tissue, "
         "stain) "
         "refuse, and the magnifications at which the AUC is below "
      << fixed(kWeakAuc, 2) << ". The gate's limit is where " << fixed(100 * study.at("refused_share").get<double>(), 0)
      << " % of the training's own images are beyond it. Counted out of fold: each image by a gate, and by features of a model, that were not fitted to it. "
         "The last "
         "column: by gates that were fitted to no image of that kind.\n\n"
      << "| kind | images | by quality | by the gate | refused | refused, unknown kind |\n|---|---|---|---|---|---|\n";
  for (const Json& kind : study.at("kinds")) {
    const bool inside = kind.at("inside").get<bool>();
    const double images = kind.at("images").get<double>();
    const auto share = [&](const char* key) {
      return std::to_string(kind.at(key).get<int>()) + " (" + fixed(100 * kind.at(key).get<double>() / images, 1) + " %)";
    };
    out << "| " << kind.at("kind").get<std::string>() << (inside ? ", to answer for" : ", to refuse") << " | " << kind.at("images").get<int>() << " | "
        << share("by_quality") << " | " << share("by_gate") << " | " << share("refused") << " | " << (inside ? "" : share("refused_as_unknown")) << " |\n";
  }
  out << "\n";
  for (const WeakMagnification& weak : scope.weak_magnifications) {
    out << "At " << weak.magnification << "X it gives no result: the AUC there is " << fixed(weak.auc, 3) << " (" << fixed(weak.auc_low, 3) << " to "
        << fixed(weak.auc_high, 3) << ").\n\n";
  }
}

void write_results(std::ostream& out, const CardFacts& facts) {
  out << "## Results\n\n";
  if (!facts.test) {
    out << "The data has no test set: this model's figures are unknown.\n\n";
    return;
  }
  const Evaluation& test = *facts.test;
  out << what_was_tested(facts) << " Intervals of 95 % from a bootstrap over patients. A patient's call comes from the mean of its images' logits.";
  if (const std::string left_out = patients_without_label(test); !left_out.empty()) out << " " << left_out;
  if (test.without_gates) out << " First as if no gate refused any, then with refused images left out.";
  out << "\n\n";
  std::vector<std::pair<std::string, const LevelEvaluation*>> levels;
  if (const auto& all = test.without_gates) levels = {{"images, no gate", &all->images}, {"patients, no gate", &all->patients}};
  levels.emplace_back("images", &test.images);
  levels.emplace_back("patients", &test.patients);
  write_figures(out, levels);
  const EstimatedFigure& recognition = test.without_gates ? test.without_gates->patient_recognition_rate : test.patient_recognition_rate;
  out << "Patient recognition rate (Spanhol 2016)" << (test.without_gates ? ", no gate: " : ": ") << figure_text(recognition) << "\n\n";
  const std::vector<Subset>& subsets = test.without_gates ? test.without_gates->subsets : test.subsets;
  if (subsets.empty()) return;
  if (test.without_gates) out << "As if no gate refused any, by magnification, subtype and source:\n\n";
  out << "| subset | images | accuracy | AUC |\n|---|---|---|---|\n";
  for (const Subset& subset : subsets) {
    out << "| " << subset.field << " " << subset.value << " | " << subset.images.cases << " | " << figure_text(subset.images.accuracy) << " | "
        << figure_text(subset.images.auc) << " |\n";
  }
  out << "\n";
}

/// Other thresholds, and other ways to a patient's call.
void write_operating_points(std::ostream& out, const CardFacts& facts) {
  if (!facts.out_of_fold) return;
  const std::string report = operating_points_report(facts.out_of_fold->folds, facts.out_of_fold->threshold.sensitivity);
  if (!report.empty()) out << "## Operating points\n\n" << report << "\n";
}

}  // namespace

std::string model_card(const CardFacts& facts) {
  std::ostringstream out;
  out << "# " << facts.package.spec.name << "\n\n" << kResearchUseOnly << "\n\n";
  write_model(out, facts);
  write_use(out, facts);
  write_data(out, facts);
  write_training(out, facts);
  write_results(out, facts);
  write_operating_points(out, facts);
  write_scope(out, facts);
  out << "## How this card was made\n\nBy lobule, from the run's own files; nothing in it is written by hand.\n";
  return out.str();
}

}  // namespace lobule
