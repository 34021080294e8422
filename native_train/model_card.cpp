#include "model_card.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "early_stopping.h"
#include "lobule/number_text.h"
#include "lobule/report.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

void write_model(std::ostream& out, const CardFacts& facts) {
  const ModelSpec& spec = facts.package.spec;
  out << "## Model\n\n"
      << "- Network: " << spec.network << ", " << facts.parameters << " parameters, input " << spec.input.width << " x " << spec.input.height
      << " pixels, RGB\n"
      << "- Classes: ";
  for (std::size_t i = 0; i < spec.class_names.size(); ++i) out << (i == 0 ? "" : ", ") << spec.class_names[i];
  out << "; positive: " << spec.class_names.at(static_cast<std::size_t>(spec.positive_class)) << "; threshold " << fixed(spec.threshold_high, 2)
      << " on its probability\n"
      << "- File: model.onnx, " << facts.model_bytes << " bytes, digest " << facts.package.digest << "\n"
      << "- SHA-256 of the trained weights: " << facts.weights_sha256 << "\n\n";
}

void write_use(std::ostream& out, const CardFacts& facts) {
  out << "## Use\n\n"
      << kResearchUseOnly << " It answers for images like those that it was trained on, and has no way to know others: another stain,\n"
      << "scanner, magnification, organ, or a photograph gets a probability too.\n";
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

void write_training(std::ostream& out, const CardFacts& facts) {
  const Json training = Json::parse(facts.config.training_json);
  const std::vector<EpochRecord>& history = facts.package.history;
  out << "## Training\n\nCross-entropy over a two-class softmax, weights of the epoch with the lowest validation loss: epoch " << best_epoch(history) << " of "
      << history.size() << ".\n\n| option | value |\n|---|---|\n";
  for (const auto& item : training.at("options").items()) {
    const Json& value = item.value();
    out << "| --" << item.key() << " | " << (value.is_string() ? value.get<std::string>() : value.dump()) << " |\n";
  }
  const Json& made_with = training.at("made_with");
  out << "\nMade with LibTorch " << made_with.at("libtorch").get<std::string>() << " on " << made_with.at("device").get<std::string>() << ", ";
  if (const int processes = made_with.at("processes").get<int>(); processes > 1) out << processes << " processes of ";
  out << made_with.at("threads").get<int>() << " threads. Logits are divided by the temperature " << fixed(facts.calibration.temperature, 3)
      << ", fitted on the validation set: its expected calibration error went from " << fixed(facts.calibration.ece_before, 3) << " to "
      << fixed(facts.calibration.ece_after, 3) << ".\n\n";
}

void write_results(std::ostream& out, const CardFacts& facts) {
  out << "## Results\n\n";
  if (!facts.test) {
    out << "The data has no test set: this model's figures are unknown.\n\n";
    return;
  }
  const Evaluation& test = *facts.test;
  const LevelEvaluation& images = test.images;
  const LevelEvaluation& patients = test.patients;
  out << "On the test set, by the exported file, with 95 % intervals from a bootstrap over patients. A patient's call comes from the mean of its\n"
      << "images' logits.\n\n| figure | " << images.cases << " images | " << patients.cases << " patients |\n|---|---|---|\n";
  const std::pair<const char*, EstimatedFigure LevelEvaluation::*> rows[] = {{"accuracy", &LevelEvaluation::accuracy},
                                                                             {"balanced accuracy", &LevelEvaluation::balanced_accuracy},
                                                                             {"precision", &LevelEvaluation::precision},
                                                                             {"recall (sensitivity)", &LevelEvaluation::recall},
                                                                             {"specificity", &LevelEvaluation::specificity},
                                                                             {"F1", &LevelEvaluation::f1},
                                                                             {"MCC", &LevelEvaluation::mcc},
                                                                             {"AUC", &LevelEvaluation::auc},
                                                                             {"expected calibration error", &LevelEvaluation::ece}};
  for (const auto& [name, figure] : rows) out << "| " << name << " | " << figure_text(images.*figure) << " | " << figure_text(patients.*figure) << " |\n";
  const auto counts_text = [](const BinaryCounts& counts) {
    return std::to_string(counts.true_positive) + " / " + std::to_string(counts.false_positive) + " / " + std::to_string(counts.true_negative) + " / " +
           std::to_string(counts.false_negative);
  };
  out << "| true positive / false positive / true negative / false negative | " << counts_text(images.counts) << " | " << counts_text(patients.counts)
      << " |\n\n"
      << "Patient recognition rate (Spanhol 2016): " << figure_text(test.patient_recognition_rate) << "\n\n";
  if (test.subsets.empty()) return;
  out << "| subset | images | accuracy | AUC |\n|---|---|---|---|\n";
  for (const Subset& subset : test.subsets) {
    out << "| " << subset.field << " " << subset.value << " | " << subset.images.cases << " | " << figure_text(subset.images.accuracy) << " | "
        << figure_text(subset.images.auc) << " |\n";
  }
  out << "\n";
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
  out << "## How this card was made\n\nBy `lobule train`, from the run's own files; nothing in it is written by hand.\n";
  return out.str();
}

}  // namespace lobule
