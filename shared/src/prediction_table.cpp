#include "lobule/prediction_table.h"

#include <algorithm>

#include "json_text.h"
#include "lobule/csv.h"
#include "lobule/number_text.h"

namespace lobule {
namespace {

const std::string& positive_name(const PredictionTable& table) { return table.class_names.at(static_cast<std::size_t>(table.positive_class)); }

std::string magnification_text(int magnification) { return magnification == 0 ? "" : std::to_string(magnification); }

bool has_training(const PredictionTable& table) {
  return std::any_of(table.rows.begin(), table.rows.end(), [](const PredictionRow& row) { return row.in_training; });
}

std::vector<std::string> header_of(const PredictionTable& table) {
  std::vector<std::string> header = {"path", "label", "patient", "slide", "magnification", "subtype", "source"};
  for (const std::string& name : table.class_names) header.push_back("logit_" + name);
  header.push_back("p_" + positive_name(table));
  for (const char* name : {"call", "reason", "threshold_low", "threshold_high", "model_sha256", "tensor_sha256"}) header.emplace_back(name);
  if (has_training(table)) header.emplace_back("in_training");
  return header;
}

std::vector<std::string> fields_of(const PredictionRow& row, const PredictionTable& table, bool with_training) {
  const Prediction& prediction = row.prediction;
  std::vector<std::string> fields = {row.path, row.label, row.patient, row.slide, magnification_text(row.magnification), row.subtype, row.source};
  for (std::size_t k = 0; k < table.class_names.size(); ++k) fields.push_back(prediction.logits.empty() ? "" : shortest(prediction.logits.at(k)));
  fields.push_back(prediction.logits.empty() ? "" : shortest(prediction.p_positive));
  fields.push_back(call_name(prediction.call, table.class_names, table.positive_class));
  fields.push_back(prediction.reason);
  fields.push_back(shortest(table.threshold_low));
  fields.push_back(shortest(table.threshold_high));
  fields.push_back(table.model_digest);
  fields.push_back(row.tensor_sha256);
  if (with_training) fields.emplace_back(row.in_training ? "yes" : "");
  return fields;
}

}  // namespace

std::string to_csv(const PredictionTable& table) {
  std::string text = csv_line(header_of(table));
  const bool with_training = has_training(table);
  for (const PredictionRow& row : table.rows) text += csv_line(fields_of(row, table, with_training));
  return text;
}

std::string to_json(const PredictionTable& table) {
  using Json = nlohmann::ordered_json;
  Json predictions = Json::array();
  for (const PredictionRow& row : table.rows) {
    const Prediction& prediction = row.prediction;
    const bool answered = !prediction.logits.empty();
    predictions.push_back({{"path", row.path},
                           {"label", row.label},
                           {"patient", row.patient},
                           {"slide", row.slide},
                           {"magnification", row.magnification == 0 ? Json() : Json(row.magnification)},
                           {"subtype", row.subtype},
                           {"source", row.source},
                           {"logits", answered ? Json(prediction.logits) : Json()},
                           {"probabilities", answered ? Json(prediction.probabilities) : Json()},
                           {"p_positive", answered ? Json(prediction.p_positive) : Json()},
                           {"call", call_name(prediction.call, table.class_names, table.positive_class)},
                           {"reason", prediction.reason},
                           {"refused", !prediction.refusal.empty()},
                           {"tensor_sha256", row.tensor_sha256}});
    if (row.in_training) predictions.back()["in_training"] = true;
  }
  return json_text({{"research_use_only", kResearchUseOnly},
                    {"kind", "lobule predictions"},
                    {"schema_version", 1},
                    {"model_sha256", table.model_digest},
                    {"classes", table.class_names},
                    {"positive", positive_name(table)},
                    {"threshold_low", table.threshold_low},
                    {"threshold_high", table.threshold_high},
                    {"predictions", predictions}});
}

int leave_out_training(PredictionTable& table) {
  return static_cast<int>(std::erase_if(table.rows, [](const PredictionRow& row) { return row.in_training; }));
}

}  // namespace lobule
