#include "level_figures.h"

#include <stdexcept>

namespace lobule {

void set_count_figures(const ConfusionMatrix& confusion, const BinaryCounts& counts, FigureValues& values) {
  values[0] = confusion.accuracy();
  values[1] = confusion.balanced_accuracy();
  values[2] = precision(counts);
  values[3] = recall(counts);
  values[4] = specificity(counts);
  values[5] = f1_score(counts);
  values[6] = matthews_correlation(counts);
}

std::optional<Proportion> proportion_of(const FigureField& figure, const LevelEvaluation& level) {
  const BinaryCounts& counts = level.counts;
  if (figure.key == "accuracy") {
    std::int64_t right = 0;
    for (int k = 0; k < level.confusion.classes(); ++k) right += level.confusion.at(k, k);
    return Proportion{right, level.confusion.total()};
  }
  if (figure.key == "precision") return Proportion{counts.true_positive, counts.true_positive + counts.false_positive};
  if (figure.key == "recall") return Proportion{counts.true_positive, counts.true_positive + counts.false_negative};
  if (figure.key == "specificity") return Proportion{counts.true_negative, counts.true_negative + counts.false_positive};
  return std::nullopt;
}

std::int64_t case_count(const FigureField& figure, const LevelEvaluation& level) {
  if (const std::optional<Proportion> proportion = proportion_of(figure, level)) return proportion->total;
  const auto index = static_cast<std::size_t>(&figure - kFigureFields.data());
  return index < kCountFigures ? level.counts.total() : level.scored;
}

std::string undefined_reason(const FigureField& figure, const std::string& positive_name) {
  if (figure.key == "accuracy") return "no case is decided";
  if (figure.key == "balanced_accuracy") return "a class has no decided case";
  if (figure.key == "precision") return "no decided case was called " + positive_name;
  if (figure.key == "recall") return "no decided case is " + positive_name;
  if (figure.key == "specificity") return "no decided case is other than " + positive_name;
  if (figure.key == "f1") return "no decided case is " + positive_name + " or was called so";
  if (figure.key == "mcc") return "a row or a column of the counts is empty";
  if (figure.key == "auc") return "it needs a case of " + positive_name + " and another";
  if (figure.key == "average_precision") return "no case with a probability is " + positive_name;
  if (figure.key == "brier" || figure.key == "ece" || figure.key == "log_loss") return "no case has a probability";
  throw std::logic_error("no such figure: " + std::string(figure.key));
}

}  // namespace lobule
