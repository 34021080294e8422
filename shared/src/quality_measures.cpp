// What the figures of quality come to: limits, words for people, JSON.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "lobule/number_text.h"
#include "lobule/quality.h"
#include "quality_limits.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kOfArea = "% of the area";
constexpr const char* kOfStain = "% of the stain";

bool is_share(const std::string& unit) { return !unit.empty() && unit.front() == '%'; }

/// Shares as percents; with one decimal, or two where there is no unit.
std::string number_of(double value, const std::string& unit) { return fixed(is_share(unit) ? 100 * value : value, unit.empty() ? 2 : 1); }

std::string text_of(double value, const std::string& unit) {
  std::string text = number_of(value, unit);
  return unit.empty() ? text : text.append(" ").append(unit);
}

std::string limit_text_of(bool is_least, double limit, const std::string& unit) {
  return std::string(is_least ? "at least " : "at most ").append(number_of(limit, unit)).append(is_share(unit) ? " %" : "");
}

QualityMeasure measure_of(std::string key, std::string name, std::optional<double> value, std::string unit, bool is_least, double limit,
                          const std::string& advice) {
  QualityMeasure measure;
  measure.key = std::move(key);
  measure.name = std::move(name);
  measure.value = value;
  measure.text = value ? text_of(*value, unit) : "not judged: too little tissue";
  measure.limit_text = limit_text_of(is_least, limit, unit);
  measure.unit = std::move(unit);
  measure.is_least = is_least;
  measure.limit = limit;
  measure.passed = !value || (is_least ? *value >= limit : *value <= limit);
  if (!measure.passed) measure.advice = advice;
  return measure;
}

Json json_of(const QualityMeasure& measure) {
  return {{"key", measure.key},
          {"name", measure.name},
          {"value", measure.value ? Json(*measure.value) : Json()},
          {"text", measure.text},
          {"unit", measure.unit},
          {"limit", measure.limit},
          {"limit_text", measure.limit_text},
          {"passed", measure.passed}};
}

}  // namespace

std::vector<QualityMeasure> quality_measures(const QualityReport& report) {
  const bool is_glass = report.glass_share > kMostGlassShare;
  const std::string too_empty = is_glass ? "Almost only empty glass: move to the tissue and take the image again."
                                         : "Too little tissue: move to a field with more of it and take the image again.";
  const std::string other_stain = "Does not look like haematoxylin and eosin: use an image of an H&E-stained section, free of ink.";
  // What is no H&E, a photograph of the sea for one, has no ink to wipe off.
  const bool is_stained = !report.stain_hue_share || *report.stain_hue_share >= kLeastStainHueShare;
  const std::string ink =
      is_stained ? "Blue, green or black ink on the slide: wipe it off, or move to a field without it and take the image again." : other_stain;
  return {
      measure_of("glass_share", "Empty glass", report.glass_share, kOfArea, false, kMostGlassShare, too_empty),
      measure_of("tissue_share", "Tissue", report.tissue_share, kOfArea, true, kLeastTissueShare, too_empty),
      measure_of("focus", "Focus", report.focus, "grey levels\u00b2", true, kLeastFocus, "Out of focus: refocus and take the image again."),
      measure_of("stain_hue_share", "Pink to purple", report.stain_hue_share, kOfStain, true, kLeastStainHueShare, other_stain),
      measure_of("stain_misfit", "Misfit to H&E", report.stain_misfit, "", false, kMostStainMisfit, other_stain),
      measure_of("pen_share", "Pen marks", report.pen_share, kOfArea, false, kMostPenShare, ink),
  };
}

std::vector<std::string> quality_advice(const QualityReport& report) {
  std::vector<std::string> advice;
  for (const QualityMeasure& measure : quality_measures(report)) {
    if (!measure.passed && std::find(advice.begin(), advice.end(), measure.advice) == advice.end()) advice.push_back(measure.advice);
  }
  return advice;
}

std::string quality_json(const QualityReport& report) {
  const std::vector<std::string> advice = quality_advice(report);
  Json measures = Json::array();
  for (const QualityMeasure& measure : quality_measures(report)) measures.push_back(json_of(measure));
  return Json({{"passed", advice.empty()}, {"advice", advice}, {"reduction", report.reduction}, {"light", report.light}, {"measures", std::move(measures)}})
      .dump();
}

}  // namespace lobule
