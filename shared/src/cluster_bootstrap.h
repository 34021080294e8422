#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "evaluated_cases.h"
#include "level_figures.h"

namespace lobule {

/// How often each patient is drawn in replicate r of the seed.
std::vector<std::int64_t> draw_patients(int patients, std::uint64_t seed, int replicate);

/// Fills in the figures of a replicate in which patient i counts weights[i] times; they come empty, and what is undefined stays so.
using Replicate = std::function<void(const std::vector<std::int64_t>& weights, std::span<Figure> values)>;

/// 95 % percentile intervals of so many figures from replicates that draw as many patients as there are, with replacement; nothing for a figure that more than
/// 5 % of the replicates leave undefined, nor with fewer than two patients.
std::vector<std::optional<Interval>> bootstrap_intervals(int patients, std::size_t figures, const Replicate& replicate, const EvaluationOptions& options);

/// That of the mean of one value a patient.
std::optional<Interval> bootstrap_mean(std::span<const double> value_of_patient, const EvaluationOptions& options);

}  // namespace lobule
