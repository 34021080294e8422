#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lobule/model_package.h"

/// The JSON texts under a model file's lobule.* keys. Readers throw std::runtime_error naming the key and the cause.
namespace lobule::model_metadata {

inline constexpr const char* kFormatVersionKey = "lobule.format_version";
inline constexpr const char* kModelKey = "lobule.model";
inline constexpr const char* kGoldenKey = "lobule.golden";
inline constexpr const char* kTrainingKey = "lobule.training";
inline constexpr const char* kEvaluationKey = "lobule.evaluation";
inline constexpr const char* kHistoryKey = "lobule.history";
inline constexpr const char* kScopeKey = "lobule.scope";
inline constexpr const char* kPatientsKey = "lobule.patients";
inline constexpr const char* kDigestKey = "lobule.digest";

/// Parses a value with bounded size and nesting.
nlohmann::ordered_json parse_json(const std::string& key, const std::string& text);

nlohmann::ordered_json to_json(const ModelSpec& spec);
nlohmann::ordered_json to_json(const GoldenVectors& golden);
nlohmann::ordered_json scope_json(const ModelScope& scope);

/// Checked: sizes, thresholds, class names.
ModelSpec parse_spec(const nlohmann::ordered_json& json);
/// Checked: a positive tolerance, at least one vector, `classes` finite logits each.
GoldenVectors parse_golden(const std::string& text, std::size_t classes);
/// Checked: finite numbers of a sane size. How many weights there must be, the graph says.
ModelScope parse_scope(const std::string& text);
std::vector<std::string> parse_patients(const std::string& text);
/// The text when it is a JSON object.
std::string parse_object(const std::string& key, const std::string& text);

}  // namespace lobule::model_metadata
