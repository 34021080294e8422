#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "lobule/evaluation.h"

namespace lobule {

/// A figure of a level: its key in evaluation.json, its name for people, and where it is kept.
struct FigureField {
  std::string_view key;
  std::string_view title;
  EstimatedFigure LevelEvaluation::*field;
};

inline constexpr std::size_t kCountFigures = 7;  // the first ones come from counts, the others from probabilities
inline constexpr std::array<FigureField, 12> kFigureFields = {{{"accuracy", "Accuracy", &LevelEvaluation::accuracy},
                                                               {"balanced_accuracy", "Balanced accuracy", &LevelEvaluation::balanced_accuracy},
                                                               {"precision", "Precision (PPV)", &LevelEvaluation::precision},
                                                               {"recall", "Recall (sensitivity)", &LevelEvaluation::recall},
                                                               {"specificity", "Specificity", &LevelEvaluation::specificity},
                                                               {"f1", "F1", &LevelEvaluation::f1},
                                                               {"mcc", "Matthews correlation", &LevelEvaluation::mcc},
                                                               {"auc", "ROC AUC", &LevelEvaluation::auc},
                                                               {"average_precision", "Average precision", &LevelEvaluation::average_precision},
                                                               {"brier", "Brier score", &LevelEvaluation::brier},
                                                               {"ece", "Expected calibration error", &LevelEvaluation::ece},
                                                               {"log_loss", "Log loss (nats)", &LevelEvaluation::log_loss}}};

/// Index of a key that is there.
constexpr std::size_t figure_index(std::string_view key) {
  std::size_t index = 0;
  while (kFigureFields.at(index).key != key) ++index;
  return index;
}

/// All figures of a level (or of a bootstrap replicate of it), in the order of kFigureFields.
using FigureValues = std::array<Figure, kFigureFields.size()>;

/// Fills the first kCountFigures.
void set_count_figures(const ConfusionMatrix& confusion, const BinaryCounts& counts, FigureValues& values);

/// What a proportion is of ("46 of 50").
struct Proportion {
  std::int64_t count = 0;
  std::int64_t total = 0;
};
/// For accuracy, precision, recall and specificity; nothing for figures that are no proportion.
std::optional<Proportion> proportion_of(const FigureField& figure, const LevelEvaluation& level);

/// Cases that the figure is of.
std::int64_t case_count(const FigureField& figure, const LevelEvaluation& level);

/// Which denominator is zero where a figure has no value ("no decided case was called malignant").
std::string undefined_reason(const FigureField& figure, const std::string& positive_name);

}  // namespace lobule
