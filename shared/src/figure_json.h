#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "level_figures.h"

// How figures stand in every JSON that the core writes.
namespace lobule {

/// {"value", "low", "high"}, null where undefined or without an interval.
nlohmann::ordered_json estimate_json(const EstimatedFigure& figure);

/// The same of a level's figure, with "count" where it is a proportion, and "n".
nlohmann::ordered_json figure_json(const FigureField& field, const LevelEvaluation& level);

/// {"tp", "fp", "tn", "fn"}.
nlohmann::ordered_json counts_json(const BinaryCounts& counts);

/// A list of rows by true class, each a list by called class.
nlohmann::ordered_json confusion_json(const ConfusionMatrix& confusion);

/// {"method", "replicates", "seed"} of a bootstrap over patients.
nlohmann::ordered_json intervals_json(const EvaluationOptions& options, const std::string& method = "95 % percentile bootstrap over patients");

}  // namespace lobule
