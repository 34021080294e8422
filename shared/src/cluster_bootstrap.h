#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "level_figures.h"
#include "lobule/evaluation.h"

namespace lobule {

/// A labelled case as the figures see it.
struct EvaluatedCase {
  int patient = 0;               // index: cases of one patient are drawn together
  int truth = 0;                 // class
  int predicted = -1;            // class; -1: undecided or refused
  bool called_positive = false;  // of a decided case; for K = 2 the same as predicted == positive class
  Figure p_positive;
};

using FigureIntervals = std::array<std::optional<Interval>, kFigureFields.size()>;

/// 95 % percentile intervals of every figure from replicates that draw as many patients as there are, with replacement. A replicate is a weight
/// a patient: sums a patient and one pass over the cases in the order of their scores give its figures, and no case is copied or sorted again.
/// patients: how many there are, indices 0..patients-1.
FigureIntervals bootstrap_figures(std::span<const EvaluatedCase> cases, int patients, int classes, int positive_class, const EvaluationOptions& options);

/// The same for the mean of one value a patient.
std::optional<Interval> bootstrap_mean(std::span<const double> value_of_patient, const EvaluationOptions& options);

/// How often each patient is drawn in replicate r of the seed.
std::vector<std::int64_t> draw_patients(int patients, std::uint64_t seed, int replicate);

}  // namespace lobule
