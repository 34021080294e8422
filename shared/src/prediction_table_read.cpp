#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "lobule/csv.h"
#include "lobule/number_text.h"
#include "lobule/portable_math.h"
#include "lobule/prediction_table.h"

namespace lobule {
namespace {

[[noreturn]] void refuse(int line, const std::string& cause) { throw std::runtime_error("line " + std::to_string(line) + ": " + cause); }

std::string quoted(const std::string& text) { return '"' + text + '"'; }

/// Names after a prefix among the columns: {"benign", "malignant"} of logit_benign, logit_malignant.
std::vector<std::string> names_after(const CsvTable& csv, std::string_view prefix) {
  std::vector<std::string> names;
  for (const std::string& column : csv.header) {
    if (column.size() > prefix.size() && column.compare(0, prefix.size(), prefix) == 0) names.push_back(column.substr(prefix.size()));
  }
  return names;
}

/// The class that p_<class> speaks of. Of several such columns, the one of a class that we know as positive.
std::string find_positive_name(const CsvTable& csv) {
  const std::vector<std::string> names = names_after(csv, "p_");
  if (names.empty()) throw std::runtime_error("no column p_<positive class>, such as p_malignant");
  if (names.size() == 1) return names.front();
  for (const char* known : {"malignant", "idc"}) {
    if (std::find(names.begin(), names.end(), known) != names.end()) return known;
  }
  throw std::runtime_error("several columns p_<class>: keep the positive class's alone");
}

/// For a table without logits: its labels say the negative class's name.
std::string find_negative_name(const CsvTable& csv, const std::string& positive) {
  const auto label_column = static_cast<std::size_t>(csv.column("label"));
  std::string negative;
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const std::string& label = csv.rows[i][label_column];
    if (label.empty() || label == positive || label == negative) continue;
    if (!negative.empty()) {
      refuse(csv.line_numbers[i], "a third class " + quoted(label) + " beside " + quoted(positive) + " and " + quoted(negative) +
                                      "; more than two need a column logit_<class> each");
    }
    negative = label;
  }
  if (!negative.empty()) return negative;
  if (positive == "malignant") return "benign";
  return positive == "idc" ? "no_idc" : "not_" + positive;
}

/// One line's fields by column name.
class RowReader {
 public:
  RowReader(const CsvTable& csv, std::size_t row) : csv_(csv), row_(csv.rows[row]), line_(csv.line_numbers[row]) {}

  int line() const { return line_; }

  bool has(const std::string& column) const { return csv_.column(column) >= 0; }

  /// Empty where the table has no such column.
  std::string text(const std::string& column) const {
    const int index = csv_.column(column);
    return index < 0 ? std::string() : row_[static_cast<std::size_t>(index)];
  }

  /// Nothing for an empty field or an absent column.
  std::optional<double> number(const std::string& column) const {
    const std::string field = text(column);
    if (field.empty()) return std::nullopt;
    const std::optional<double> value = parse_double(field);
    if (!value) refuse(line_, column + " is " + quoted(field) + ", which is not a finite number");
    return value;
  }

  std::optional<double> probability(const std::string& column) const {
    const std::optional<double> value = number(column);
    if (value && (*value < 0 || *value > 1)) refuse(line_, column + " is " + shortest(*value) + ", which is not in 0..1");
    return value;
  }

 private:
  const CsvTable& csv_;
  const std::vector<std::string>& row_;
  int line_;
};

void read_classes(const CsvTable& csv, PredictionTable& table) {
  const std::string positive = find_positive_name(csv);
  table.class_names = names_after(csv, "logit_");
  if (table.class_names.empty()) table.class_names = {find_negative_name(csv, positive), positive};
  const auto found = std::find(table.class_names.begin(), table.class_names.end(), positive);
  if (found == table.class_names.end()) throw std::runtime_error("column p_" + positive + " has no column logit_" + positive);
  if (table.class_names.size() < 2) throw std::runtime_error("one column logit_<class> alone: two classes are the least");
  table.positive_class = static_cast<int>(found - table.class_names.begin());
}

/// What must be the same on every line.
void read_model_facts(const CsvTable& csv, PredictionTable& table) {
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const RowReader row(csv, i);
    const double low = row.probability("threshold_low").value_or(0.5);
    const double high = row.probability("threshold_high").value_or(low);
    const std::string digest = row.text("model_sha256");
    if (low > high) refuse(row.line(), "threshold_low is above threshold_high");
    if (i == 0) {
      table.threshold_low = low;
      table.threshold_high = high;
      table.model_digest = digest;
    } else if (low != table.threshold_low || high != table.threshold_high) {
      refuse(row.line(), "other thresholds than on the lines before: a table holds the predictions of one model");
    } else if (digest != table.model_digest) {
      refuse(row.line(), "another model_sha256 than on the lines before: a table holds the predictions of one model");
    }
  }
}

/// The line's logits; those of a table that has only a probability are 0 and its log odds. Empty where there is no answer.
std::vector<double> read_logits(const RowReader& row, const PredictionTable& table, std::optional<double> p) {
  if (!row.has("logit_" + table.class_names.front())) {
    if (!p) return {};
    const double clipped = std::clamp(*p, 1e-12, 1 - 1e-12);
    std::vector<double> logits(2);
    logits[static_cast<std::size_t>(table.positive_class)] = portable_log(clipped / (1 - clipped));
    return logits;
  }
  std::vector<double> logits;
  for (const std::string& name : table.class_names) {
    const std::optional<double> logit = row.number("logit_" + name);
    if (logit) logits.push_back(*logit);
  }
  if (!logits.empty() && logits.size() != table.class_names.size()) refuse(row.line(), "a logit is missing");
  if (logits.empty() != !p) refuse(row.line(), "logits without a probability, or a probability without logits");
  return logits;
}

Prediction read_prediction(const RowReader& row, const PredictionTable& table) {
  const std::string p_column = "p_" + table.class_names[static_cast<std::size_t>(table.positive_class)];
  const std::optional<double> p = row.probability(p_column);
  Prediction prediction;
  if (const std::vector<double> logits = read_logits(row, table, p); !logits.empty()) {
    prediction = prediction_of(logits, table.positive_class, table.threshold_low, table.threshold_high);
    constexpr double kRounding = 1e-3;  // tables from elsewhere may hold few digits
    if (std::abs(prediction.p_positive - *p) > kRounding) {
      refuse(row.line(), p_column + " is " + shortest(*p) + " and the logits say " + shortest(prediction.p_positive));
    }
    // The table's own probability decides: at a threshold its last digit counts.
    prediction.p_positive = *p;
    decide(prediction, table.threshold_low, table.threshold_high);
  }
  const std::string call = row.text("call");
  const std::string reason = row.text("reason");
  if (call == call_name(Call::no_result, table.class_names, table.positive_class)) {
    const bool is_undecided = prediction.call == Call::no_result && (reason.empty() || reason == prediction.reason);
    if (prediction.logits.empty()) {
      prediction.reason = reason;
    } else if (!is_undecided) {  // the thresholds would decide, or the reason is another one: something else refused the image
      refuse(prediction, reason.empty() ? "The table gives no result and does not say why." : reason);
    }
  } else if (!call.empty() && (prediction.logits.empty() || call != call_name(prediction.call, table.class_names, table.positive_class))) {
    refuse(row.line(), "the call is " + quoted(call) + ", but the probability and the thresholds say " +
                           quoted(call_name(prediction.call, table.class_names, table.positive_class)));
  }
  return prediction;
}

bool read_in_training(const RowReader& row) {
  const std::string said = row.text("in_training");
  if (said != "yes" && !said.empty()) refuse(row.line(), "in_training is " + quoted(said) + ", which is neither yes nor empty");
  return said == "yes";
}

}  // namespace

PredictionTable parse_prediction_table(std::string_view text) {
  const CsvTable csv = parse_csv(text);
  for (const char* name : {"path", "label"}) {
    if (csv.column(name) < 0) throw std::runtime_error(std::string("no column ") + name);
  }
  PredictionTable table;
  read_classes(csv, table);
  read_model_facts(csv, table);
  table.rows.reserve(csv.rows.size());
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const RowReader reader(csv, i);
    PredictionRow row;
    row.path = reader.text("path");
    if (row.path.empty()) refuse(reader.line(), "path is empty");
    row.label = reader.text("label");
    if (!row.label.empty() && std::find(table.class_names.begin(), table.class_names.end(), row.label) == table.class_names.end()) {
      refuse(reader.line(), "label " + quoted(row.label) + " is not one of the classes");
    }
    row.patient = reader.text("patient");
    row.slide = reader.text("slide");
    if (const std::string magnification = reader.text("magnification"); !magnification.empty()) {
      const std::optional<int> value = parse_int(magnification);
      if (!value || *value < 0) refuse(reader.line(), "magnification is " + quoted(magnification) + ", which is not a whole number");
      row.magnification = *value;
    }
    row.subtype = reader.text("subtype");
    row.source = reader.text("source");
    row.tensor_sha256 = reader.text("tensor_sha256");
    row.in_training = read_in_training(reader);
    row.prediction = read_prediction(reader, table);
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace lobule
