#pragma once

#include <map>
#include <string>
#include <vector>

#include "lobule/evaluation.h"

namespace lobule {

/// A labelled case as the figures see it.
struct EvaluatedCase {
  int patient = 0;               // index: cases of one patient are drawn together
  int truth = 0;                 // class
  int predicted = -1;            // class; -1: undecided or refused
  bool called_positive = false;  // of a decided case; for K = 2 the same as predicted == positive class
  Figure p_positive;             // nothing: refused, or the network gave no answer
  bool refused = false;          // by a gate
};

/// Rows of one table.
using Rows = std::vector<const PredictionRow*>;

/// Of the row's label. Throws std::runtime_error naming the image when that is none of the table's classes.
int class_index(const PredictionTable& table, const PredictionRow& row);

EvaluatedCase evaluated_case(const Prediction& prediction, int truth, int patient, const PredictionTable& table);

/// The rows of each patient, in the order of their names. An image of unknown patient counts as a patient of its own.
std::map<std::string, Rows> group_by_patient(const Rows& rows);

/// A level's cases, and how many patients their indices number.
struct LevelCases {
  std::vector<EvaluatedCase> cases;
  int patients = 0;
};

/// A case a row, in their order; patients are numbered in the order of their names. Throws as class_index does.
LevelCases image_cases(const Rows& rows, const PredictionTable& table);

/// The rows that have a label, in their order.
Rows labelled_rows(const PredictionTable& table);

/// A case a patient whose images agree in their label, by its mean logits, in the order of their names.
LevelCases patient_cases(const Rows& rows, const PredictionTable& table);

/// What a patient's rows come to together.
PatientResult patient_result(const std::string& patient, const Rows& rows, const PredictionTable& table);

}  // namespace lobule
