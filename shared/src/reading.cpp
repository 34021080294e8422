#include "lobule/reading.h"

#include <algorithm>
#include <stdexcept>

#include "cluster_bootstrap.h"
#include "evaluated_cases.h"
#include "level_figures.h"
#include "weighted_figures.h"

namespace lobule {
namespace {

constexpr std::size_t kSides = 4;  // reader, model, reader with model, and what the reader gained
constexpr std::size_t kKappa = kSides * kReadingFigures.size();
constexpr std::size_t kValues = kKappa + 2;

/// Rows that were read and have a label, with their readings.
struct ReadRows {
  Rows rows;
  std::vector<const Reading*> readings;
};

ReadRows read_rows(const ReadingTable& table, ReadingEvaluation& evaluation) {
  if (table.readings.size() != table.predictions.rows.size()) throw std::logic_error("evaluate_readings: not a reading a row");
  ReadRows read;
  for (std::size_t i = 0; i < table.readings.size(); ++i) {
    const PredictionRow& row = table.predictions.rows[i];
    if (table.readings[i].first.empty()) {
      ++evaluation.unread;
    } else if (row.label.empty()) {
      ++evaluation.unlabelled;
    } else {
      read.rows.push_back(&row);
      read.readings.push_back(&table.readings[i]);
    }
  }
  return read;
}

int class_of_reading(const std::string& reading, const PredictionRow& row, const PredictionTable& table) {
  const auto found = std::find(table.class_names.begin(), table.class_names.end(), reading);
  if (found == table.class_names.end()) throw std::runtime_error(row.path + ": reading \"" + reading + "\" is not one of the classes");
  return static_cast<int>(found - table.class_names.begin());
}

/// The same cases as a reader called them.
template <typename ReadingOf>
std::vector<EvaluatedCase> called_by_reader(const LevelCases& level, const ReadRows& read, const PredictionTable& table, ReadingOf reading_of) {
  std::vector<EvaluatedCase> cases;
  for (std::size_t i = 0; i < level.cases.size(); ++i) {
    EvaluatedCase called;
    called.patient = level.cases[i].patient;
    called.truth = level.cases[i].truth;
    called.predicted = class_of_reading(reading_of(*read.readings[i]), *read.rows[i], table);
    called.called_positive = called.predicted == table.positive_class;
    cases.push_back(called);
  }
  return cases;
}

/// Readings against the model's calls, a matrix a patient: rows are the reading's classes, columns the call's.
class WeightedAgreement {
 public:
  WeightedAgreement(const std::vector<EvaluatedCase>& reader, const LevelCases& model, int classes)
      : classes_(classes), counts_(static_cast<std::size_t>(model.patients) * cells()) {
    for (std::size_t i = 0; i < reader.size(); ++i) {
      if (model.cases[i].predicted < 0) continue;
      ++counts_[static_cast<std::size_t>(reader[i].patient) * cells() + static_cast<std::size_t>(reader[i].predicted * classes_ + model.cases[i].predicted)];
    }
  }

  ConfusionMatrix matrix(const std::vector<std::int64_t>& weights) const {
    ConfusionMatrix matrix(classes_);
    for (std::size_t patient = 0; patient < weights.size(); ++patient) {
      for (std::size_t cell = 0; weights[patient] > 0 && cell < cells(); ++cell) {
        const int place = static_cast<int>(cell);
        matrix.add(place / classes_, place % classes_, weights[patient] * counts_[patient * cells() + cell]);
      }
    }
    return matrix;
  }

 private:
  std::size_t cells() const { return static_cast<std::size_t>(classes_) * static_cast<std::size_t>(classes_); }

  int classes_;
  std::vector<std::int64_t> counts_;  // [patient, reading, call]
};

void count_side(const std::vector<EvaluatedCase>& cases, int classes, int positive_class, LevelEvaluation& side) {
  side.confusion = ConfusionMatrix(classes);
  for (const EvaluatedCase& called : cases) {
    const bool positive = called.truth == positive_class;
    ++side.cases;
    side.positives += positive ? 1 : 0;
    if (called.predicted < 0) {
      ++side.no_result;
      continue;
    }
    side.confusion.add(called.truth, called.predicted);
    BinaryCounts& counts = side.counts;
    (positive ? (called.called_positive ? counts.true_positive : counts.false_negative)
              : (called.called_positive ? counts.false_positive : counts.true_negative)) += 1;
  }
}

void count_changes(const std::vector<EvaluatedCase>& alone, const std::vector<EvaluatedCase>& with_model, ReadingEvaluation& evaluation) {
  for (std::size_t i = 0; i < alone.size(); ++i) {
    if (alone[i].predicted == with_model[i].predicted) continue;
    ++evaluation.changed;
    evaluation.right_to_wrong += alone[i].predicted == alone[i].truth ? 1 : 0;
    evaluation.wrong_to_right += with_model[i].predicted == alone[i].truth ? 1 : 0;
  }
}

void set_agreement(const ConfusionMatrix& matrix, const Figure& kappa, const std::optional<Interval>& interval, Agreement& agreement) {
  agreement.images = matrix.total();
  for (int k = 0; k < matrix.classes(); ++k) agreement.agreed += matrix.at(k, k);
  agreement.kappa = {kappa, kappa ? interval : std::nullopt};
}

}  // namespace

ReadingEvaluation evaluate_readings(const ReadingTable& table, const EvaluationOptions& options) {
  const PredictionTable& predictions = table.predictions;
  const auto classes = static_cast<int>(predictions.class_names.size());
  const int positive = predictions.positive_class;
  ReadingEvaluation evaluation;
  evaluation.class_names = predictions.class_names;
  evaluation.positive_class = positive;
  evaluation.threshold_low = predictions.threshold_low;
  evaluation.threshold_high = predictions.threshold_high;
  evaluation.model_digest = predictions.model_digest;
  evaluation.options = options;
  const ReadRows read = read_rows(table, evaluation);
  if (read.rows.empty()) throw std::runtime_error("no image was read and has a label: there is nothing to evaluate");

  const LevelCases model = image_cases(read.rows, predictions);
  const auto alone = called_by_reader(model, read, predictions, [](const Reading& reading) { return reading.first; });
  const auto with_model = called_by_reader(model, read, predictions, [](const Reading& reading) { return reading.with_model(); });
  count_side(alone, classes, positive, evaluation.reader);
  count_side(model.cases, classes, positive, evaluation.model);
  count_side(with_model, classes, positive, evaluation.reader_with_model);
  count_changes(alone, with_model, evaluation);
  evaluation.images = evaluation.reader.cases;
  evaluation.positives = evaluation.reader.positives;
  evaluation.patients = model.patients;

  const WeightedFigures sides[] = {
      {alone, model.patients, classes, positive}, {model.cases, model.patients, classes, positive}, {with_model, model.patients, classes, positive}};
  const WeightedAgreement agreement_alone(alone, model, classes);
  const WeightedAgreement agreement_with(with_model, model, classes);
  const auto replicate = [&](const std::vector<std::int64_t>& weights, std::span<Figure> values) {
    std::array<FigureValues, 3> of_side;
    for (std::size_t side = 0; side < of_side.size(); ++side) sides[side].set_count_figures_of(weights, of_side[side]);
    for (std::size_t i = 0; i < kReadingFigures.size(); ++i) {
      const std::size_t figure = figure_index(kReadingFigures[i]);
      for (std::size_t side = 0; side < of_side.size(); ++side) values[kSides * i + side] = of_side[side][figure];
      const Figure& first = of_side[0][figure];
      const Figure& after = of_side[2][figure];
      if (first && after) values[kSides * i + 3] = *after - *first;
    }
    values[kKappa] = cohen_kappa(agreement_alone.matrix(weights));
    values[kKappa + 1] = cohen_kappa(agreement_with.matrix(weights));
  };
  const std::vector<std::int64_t> once(static_cast<std::size_t>(model.patients), 1);
  std::vector<Figure> values(kValues);
  replicate(once, values);
  const std::vector<std::optional<Interval>> intervals = bootstrap_intervals(model.patients, kValues, replicate, options);
  const auto estimated = [&](std::size_t i) { return EstimatedFigure{values[i], values[i] ? intervals[i] : std::nullopt}; };
  for (std::size_t i = 0; i < kReadingFigures.size(); ++i) {
    const auto field = kFigureFields[figure_index(kReadingFigures[i])].field;
    evaluation.reader.*field = estimated(kSides * i);
    evaluation.model.*field = estimated(kSides * i + 1);
    evaluation.reader_with_model.*field = estimated(kSides * i + 2);
    evaluation.gain[i] = estimated(kSides * i + 3);
  }
  set_agreement(agreement_alone.matrix(once), values[kKappa], intervals[kKappa], evaluation.reader_and_model);
  set_agreement(agreement_with.matrix(once), values[kKappa + 1], intervals[kKappa + 1], evaluation.reader_with_model_and_model);
  return evaluation;
}

}  // namespace lobule
