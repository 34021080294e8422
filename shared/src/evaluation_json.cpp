#include "figure_json.h"
#include "json_text.h"
#include "lobule/evaluation.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

void set_band(Json& curve, const CurveBand& band) {
  if (band.at.empty()) return;
  Json low = Json::array();
  Json high = Json::array();
  for (const std::optional<Interval>& interval : band.intervals) {
    low.push_back(interval ? Json(interval->low) : Json());
    high.push_back(interval ? Json(interval->high) : Json());
  }
  curve["band"] = {{"at", band.at}, {"low", low}, {"high", high}};
}

Json roc_json(const std::vector<RocPoint>& curve) {
  Json thresholds = Json::array();
  Json false_positive_rates = Json::array();
  Json true_positive_rates = Json::array();
  for (const RocPoint& point : curve) {
    thresholds.push_back(point.threshold);  // JSON has no infinity: the first one is null
    false_positive_rates.push_back(point.false_positive_rate);
    true_positive_rates.push_back(point.true_positive_rate);
  }
  return {{"threshold", thresholds}, {"false_positive_rate", false_positive_rates}, {"true_positive_rate", true_positive_rates}};
}

Json pr_json(const std::vector<PrPoint>& curve) {
  Json thresholds = Json::array();
  Json precisions = Json::array();
  Json recalls = Json::array();
  for (const PrPoint& point : curve) {
    thresholds.push_back(point.threshold);
    precisions.push_back(point.precision);
    recalls.push_back(point.recall);
  }
  return {{"threshold", thresholds}, {"precision", precisions}, {"recall", recalls}};
}

Json reliability_json(const std::vector<ReliabilityBin>& bins, const CurveBand& band) {
  Json list = Json::array();
  for (const ReliabilityBin& bin : bins) {
    const bool empty = bin.count == 0;
    list.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"n", bin.count},
                    {"mean_probability", empty ? Json() : Json(bin.mean_probability)},
                    {"positive_rate", empty ? Json() : Json(bin.positive_rate)}});
    if (band.at.empty()) continue;
    const std::optional<Interval>& interval = band.intervals[list.size() - 1];
    list.back()["rate_low"] = interval ? Json(interval->low) : Json();
    list.back()["rate_high"] = interval ? Json(interval->high) : Json();
  }
  return list;
}

Json decision_json(const std::vector<DecisionPoint>& curve) {
  Json thresholds = Json::array();
  Json net_benefits = Json::array();
  Json call_all = Json::array();
  for (const DecisionPoint& point : curve) {
    thresholds.push_back(point.threshold);
    net_benefits.push_back(point.net_benefit);
    call_all.push_back(point.call_all);
  }
  return {{"threshold", thresholds}, {"net_benefit", net_benefits}, {"call_all", call_all}};
}

Json level_json(const LevelEvaluation& level, const std::string& positive_name) {
  Json figures = Json::object();
  Json undefined = Json::array();
  for (const FigureField& field : kFigureFields) {
    figures[std::string(field.key)] = figure_json(field, level);
    if (!(level.*field.field).value) undefined.push_back({{"figure", field.key}, {"why", undefined_reason(field, positive_name)}});
  }
  return {{"n", level.cases},
          {"positives", level.positives},
          {"scored", level.scored},
          {"no_result", level.no_result},
          {"refused", level.refused},
          {"undecided", level.undecided},
          {"counts", counts_json(level.counts)},
          {"confusion", confusion_json(level.confusion)},
          {"figures", figures},
          {"undefined", undefined}};
}

Json level_json_with_curves(const LevelEvaluation& level, const std::string& positive_name) {
  Json json = level_json(level, positive_name);
  json["roc"] = roc_json(level.roc);
  json["pr"] = pr_json(level.pr);
  json["reliability"] = reliability_json(level.reliability, level.reliability_band);
  json["decision"] = decision_json(level.decision);
  set_band(json["roc"], level.roc_band);
  set_band(json["pr"], level.pr_band);
  set_band(json["decision"], level.decision_band);
  return json;
}

Json subsets_json(const std::vector<Subset>& subsets, const std::string& positive_name) {
  Json list = Json::array();
  for (const Subset& subset : subsets) {
    list.push_back({{"field", subset.field}, {"value", subset.value}, {"images", level_json(subset.images, positive_name)}});
  }
  return list;
}

}  // namespace

std::string to_json(const Evaluation& evaluation) {
  const std::string& positive_name = evaluation.class_names.at(static_cast<std::size_t>(evaluation.positive_class));
  Json patients = Json::array();
  for (const PatientResult& result : evaluation.patient_results) {
    const bool answered = !result.prediction.logits.empty();
    patients.push_back({{"patient", result.patient},
                        {"label", result.label},
                        {"images", result.images},
                        {"images_refused", result.images_refused},
                        {"images_correct", result.images_correct},
                        {"logits", answered ? Json(result.prediction.logits) : Json()},
                        {"p_positive", answered ? Json(result.prediction.p_positive) : Json()},
                        {"call", call_name(result.prediction.call, evaluation.class_names, evaluation.positive_class)},
                        {"reason", result.prediction.reason}});
  }
  Json without_gates;
  if (evaluation.without_gates) {
    without_gates = {{"images", level_json(evaluation.without_gates->images, positive_name)},
                     {"patients", level_json(evaluation.without_gates->patients, positive_name)},
                     {"patient_recognition_rate", estimate_json(evaluation.without_gates->patient_recognition_rate)},
                     {"subsets", subsets_json(evaluation.without_gates->subsets, positive_name)}};
  }
  return json_text({{"research_use_only", kResearchUseOnly},
                    {"kind", "lobule evaluation"},
                    {"schema_version", 1},
                    {"model_sha256", evaluation.model_digest},
                    {"classes", evaluation.class_names},
                    {"positive", positive_name},
                    {"threshold_low", evaluation.threshold_low},
                    {"threshold_high", evaluation.threshold_high},
                    {"unlabelled", evaluation.unlabelled},
                    {"intervals", intervals_json(evaluation.options)},
                    {"images", level_json_with_curves(evaluation.images, positive_name)},
                    {"patients", level_json_with_curves(evaluation.patients, positive_name)},
                    {"patient_recognition_rate", estimate_json(evaluation.patient_recognition_rate)},
                    {"patient_results", patients},
                    {"subsets", subsets_json(evaluation.subsets, positive_name)},
                    {"without_gates", without_gates}});
}

}  // namespace lobule
