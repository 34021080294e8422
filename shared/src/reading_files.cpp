// reading.json and reading.csv.
#include "figure_json.h"
#include "json_text.h"
#include "lobule/csv.h"
#include "lobule/reading.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

Json side_json(const LevelEvaluation& side, const std::string& positive_name) {
  Json figures = Json::object();
  for (const std::string_view key : kReadingFigures) {
    const FigureField& field = kFigureFields[figure_index(key)];
    Json figure = figure_json(field, side);
    if (!(side.*field.field).value) figure["why"] = undefined_reason(field, positive_name);
    figures[std::string(key)] = std::move(figure);
  }
  return {{"n", side.cases},
          {"no_result", side.no_result},
          {"counts", counts_json(side.counts)},
          {"confusion", confusion_json(side.confusion)},
          {"figures", figures}};
}

Json agreement_json(const Agreement& agreement) {
  Json json = estimate_json(agreement.kappa);
  json["count"] = agreement.agreed;
  json["n"] = agreement.images;
  return json;
}

}  // namespace

std::string to_json(const ReadingEvaluation& evaluation) {
  const std::string& positive_name = evaluation.class_names.at(static_cast<std::size_t>(evaluation.positive_class));
  Json gain = Json::object();
  for (std::size_t i = 0; i < kReadingFigures.size(); ++i) gain[std::string(kReadingFigures[i])] = estimate_json(evaluation.gain[i]);
  return json_text(
      {{"research_use_only", kResearchUseOnly},
       {"kind", "lobule reading"},
       {"schema_version", 1},
       {"model_sha256", evaluation.model_digest},
       {"classes", evaluation.class_names},
       {"positive", positive_name},
       {"threshold_low", evaluation.threshold_low},
       {"threshold_high", evaluation.threshold_high},
       {"images", evaluation.images},
       {"positives", evaluation.positives},
       {"patients", evaluation.patients},
       {"unread", evaluation.unread},
       {"unlabelled", evaluation.unlabelled},
       {"intervals", intervals_json(evaluation.options)},
       {"reader", side_json(evaluation.reader, positive_name)},
       {"model", side_json(evaluation.model, positive_name)},
       {"reader_with_model", side_json(evaluation.reader_with_model, positive_name)},
       {"gain", gain},
       {"changed", {{"n", evaluation.changed}, {"wrong_to_right", evaluation.wrong_to_right}, {"right_to_wrong", evaluation.right_to_wrong}}},
       {"kappa", {{"reader", agreement_json(evaluation.reader_and_model)}, {"reader_with_model", agreement_json(evaluation.reader_with_model_and_model)}}}});
}

std::string to_csv(const ReadingTable& table) {
  const PredictionTable& predictions = table.predictions;
  std::string text = csv_line({"path", "patient", "label", "reading_first", "reading_after", "call"});
  for (std::size_t i = 0; i < table.readings.size(); ++i) {
    const Reading& reading = table.readings[i];
    if (reading.first.empty()) continue;
    const PredictionRow& row = predictions.rows.at(i);
    const std::string call = call_name(row.prediction.call, predictions.class_names, predictions.positive_class);
    text += csv_line({row.path, row.patient, row.label, reading.first, reading.after, call});
  }
  return text;
}

}  // namespace lobule
