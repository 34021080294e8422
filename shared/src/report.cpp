#include "lobule/report.h"

#include <algorithm>
#include <string_view>

#include "lobule/model_package.h"
#include "lobule/number_text.h"

namespace lobule {
namespace {

constexpr std::string_view kLongestHeading = "weighted avg";
constexpr std::size_t kNumberWidth = 9;

struct ClassScores {
  double precision = 0;  // 0 where undefined, as scikit-learn with zero_division=0
  double recall = 0;
  double f1 = 0;
  std::int64_t support = 0;
};

double ratio_or_zero(std::int64_t numerator, std::int64_t denominator) {
  return denominator == 0 ? 0 : static_cast<double>(numerator) / static_cast<double>(denominator);
}

ClassScores class_scores(const ConfusionMatrix& confusion, int k) {
  const std::int64_t right = confusion.at(k, k);
  const std::int64_t support = confusion.true_total(k);
  const std::int64_t called = confusion.predicted_total(k);
  return {ratio_or_zero(right, called), ratio_or_zero(right, support), ratio_or_zero(2 * right, support + called), support};
}

/// Characters, not bytes: class names may be in any script.
std::size_t utf8_length(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string right_aligned(std::string_view text, std::size_t width) {
  const std::size_t length = utf8_length(text);
  return std::string(length < width ? width - length : 0, ' ').append(text);
}

std::string table_row(std::string_view heading, const ClassScores& scores, std::size_t width) {
  std::string row = right_aligned(heading, width) + ' ';
  for (const double value : {scores.precision, scores.recall, scores.f1}) row += ' ' + right_aligned(fixed(value, 4), kNumberWidth);
  return row + ' ' + right_aligned(std::to_string(scores.support), kNumberWidth) + '\n';
}

std::string class_table(const ConfusionMatrix& confusion, const std::vector<std::string>& class_names) {
  std::size_t width = kLongestHeading.size();
  for (const std::string& name : class_names) width = std::max(width, utf8_length(name));
  std::string table = std::string(width, ' ') + ' ';
  for (const char* column : {"precision", "recall", "f1-score", "support"}) table += ' ' + right_aligned(column, kNumberWidth);
  table += "\n\n";

  ClassScores macro;
  ClassScores weighted;
  std::int64_t right = 0;
  for (int k = 0; k < confusion.classes(); ++k) {
    const ClassScores scores = class_scores(confusion, k);
    table += table_row(class_names.at(static_cast<std::size_t>(k)), scores, width);
    const auto support = static_cast<double>(scores.support);
    macro.precision += scores.precision;
    macro.recall += scores.recall;
    macro.f1 += scores.f1;
    weighted.precision += scores.precision * support;
    weighted.recall += scores.recall * support;
    weighted.f1 += scores.f1 * support;
    right += confusion.at(k, k);
  }
  const std::int64_t total = confusion.total();
  for (double* sum : {&macro.precision, &macro.recall, &macro.f1}) *sum /= confusion.classes();
  for (double* sum : {&weighted.precision, &weighted.recall, &weighted.f1}) *sum /= static_cast<double>(total);
  macro.support = weighted.support = total;

  const std::string blank = ' ' + std::string(kNumberWidth, ' ');
  table += '\n' + right_aligned("accuracy", width) + ' ' + blank + blank + ' ' + right_aligned(fixed(ratio_or_zero(right, total), 4), kNumberWidth) + ' ' +
           right_aligned(std::to_string(total), kNumberWidth) + '\n';
  return table + table_row("macro avg", macro, width) + table_row("weighted avg", weighted, width);
}

/// The figures that the table prints as 0.0000 because they have no value.
std::string undefined_lines(const ConfusionMatrix& confusion, const std::vector<std::string>& class_names) {
  std::string lines;
  for (int k = 0; k < confusion.classes(); ++k) {
    const std::string& name = class_names.at(static_cast<std::size_t>(k));
    const bool never_called = confusion.predicted_total(k) == 0;
    const bool no_case = confusion.true_total(k) == 0;
    if (never_called) lines += "  precision of " + name + ": nothing was called so\n";
    if (no_case) lines += "  recall of " + name + ": no case is so\n";
    if (never_called && no_case) lines += "  f1-score of " + name + ": no case is so or was called so\n";
  }
  return lines.empty() ? "" : "\nUndefined, printed as 0.0000:\n" + lines;
}

std::string confusion_table(const ConfusionMatrix& confusion, const std::vector<std::string>& class_names) {
  std::size_t width = kNumberWidth;
  for (const std::string& name : class_names) width = std::max(width, utf8_length(name));
  std::string table = "Confusion matrix (rows: truth, columns: call)\n" + std::string(width, ' ');
  for (const std::string& name : class_names) table += ' ' + right_aligned(name, width);
  table += '\n';
  for (int truth = 0; truth < confusion.classes(); ++truth) {
    table += right_aligned(class_names.at(static_cast<std::size_t>(truth)), width);
    for (int predicted = 0; predicted < confusion.classes(); ++predicted) {
      table += ' ' + right_aligned(std::to_string(confusion.at(truth, predicted)), width);
    }
    table += '\n';
  }
  return table;
}

std::string level_text(const std::string& heading, const LevelEvaluation& level, const std::vector<std::string>& class_names) {
  const std::int64_t decided = level.cases - level.no_result;
  std::string text = heading + ": " + std::to_string(decided) + " of " + std::to_string(level.cases) + " decided, " + no_result_text(level) + "\n\n";
  if (decided == 0) return text + "No figure: nothing is decided.\n";
  return text + class_table(level.confusion, class_names) + undefined_lines(level.confusion, class_names) + '\n' +
         confusion_table(level.confusion, class_names);
}

std::string signed_text(double value) { return (value > 0 ? "+" : "") + fixed(value, 3); }

}  // namespace

std::string figure_text(const EstimatedFigure& figure) {
  if (!figure.value) return "undefined";
  std::string text = fixed(*figure.value, 3);
  if (figure.interval) text += " (" + fixed(figure.interval->low, 3) + " to " + fixed(figure.interval->high, 3) + ")";
  return text;
}

std::string no_result_text(const LevelEvaluation& level) {
  std::string text = std::to_string(level.no_result) + " without a result";
  const std::int64_t unanswered = level.no_result - level.refused - level.undecided;
  std::string separator = ": ";
  for (const auto& [count, why] : {std::pair{level.refused, " refused"}, {level.undecided, " undecided"}, {unanswered, " not readable"}}) {
    if (count == 0) continue;
    text += separator + std::to_string(count) + why;
    separator = ", ";
  }
  return text;
}

std::string difference_text(const EstimatedFigure& difference) {
  if (!difference.value) return "undefined";
  std::string text = signed_text(*difference.value);
  if (difference.interval) text += " (" + signed_text(difference.interval->low) + " to " + signed_text(difference.interval->high) + ")";
  return text;
}

std::string classification_report(const Evaluation& evaluation) {
  const std::vector<std::string>& names = evaluation.class_names;
  const std::string patients = "Patients (mean logits of their images)";
  std::string text = level_text("Images", evaluation.images, names) + "\n\n" + level_text(patients, evaluation.patients, names) + "\n\n";
  if (const auto& all = evaluation.without_gates) {
    text += level_text("As if no gate refused any: Images", all->images, names) + "\n\n" + level_text(patients, all->patients, names) + "\n\n";
  }
  if (const std::string left_out = patients_without_label(evaluation); !left_out.empty()) text += left_out + "\n\n";
  return text + std::string(kResearchUseOnly) + '\n';
}

}  // namespace lobule
