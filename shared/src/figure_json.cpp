#include "figure_json.h"

namespace lobule {

using Json = nlohmann::ordered_json;

Json estimate_json(const EstimatedFigure& figure) {
  return {{"value", figure.value ? Json(*figure.value) : Json()},
          {"low", figure.interval ? Json(figure.interval->low) : Json()},
          {"high", figure.interval ? Json(figure.interval->high) : Json()}};
}

Json figure_json(const FigureField& field, const LevelEvaluation& level) {
  Json json = estimate_json(level.*field.field);
  if (const std::optional<Proportion> proportion = proportion_of(field, level)) json["count"] = proportion->count;
  json["n"] = case_count(field, level);
  return json;
}

Json counts_json(const BinaryCounts& counts) {
  return {{"tp", counts.true_positive}, {"fp", counts.false_positive}, {"tn", counts.true_negative}, {"fn", counts.false_negative}};
}

Json confusion_json(const ConfusionMatrix& confusion) {
  Json rows = Json::array();
  for (int truth = 0; truth < confusion.classes(); ++truth) {
    Json row = Json::array();
    for (int predicted = 0; predicted < confusion.classes(); ++predicted) row.push_back(confusion.at(truth, predicted));
    rows.push_back(row);
  }
  return rows;
}

Json intervals_json(const EvaluationOptions& options, const std::string& method) {
  return {{"method", method}, {"replicates", options.bootstrap_replicates}, {"seed", options.bootstrap_seed}};
}

}  // namespace lobule
