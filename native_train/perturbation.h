#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "classify.h"
#include "lobule/corruption.h"
#include "lobule/metrics.h"
#include "lobule/prediction_table.h"

namespace lobule {

/// What a model makes of a set of images at one corruption and severity, images level. Figures that are undefined are nothing.
struct PerturbedFigures {
  std::int64_t images = 0;  // that could be read; those without a result count in none of the next two
  Figure accuracy;
  Figure balanced_accuracy;
  Figure auc;
  Figure ece;
  Figure no_result_rate;               // share of the images
  Figure refused_rate;                 // the same, of those that the thresholds would have decided
  Figure mean_abs_probability_change;  // of the positive class, from what the images got as they are
  Figure changed_call_rate;            // share of the images decided then and now that got the other call
};

struct PerturbedCell {
  Corruption corruption = Corruption::brighter;
  int severity = 1;
  PerturbedFigures figures;
};

struct PerturbationTable {
  std::string model_digest;
  PerturbedFigures clean;            // the images as they are
  std::vector<PerturbedCell> cells;  // by corruption, then severity
};

/// `now` against `clean`, whose rows are joined by path. Rows without a tensor could not be read, and are left out.
PerturbedFigures perturbed_figures(const PredictionTable& now, const PredictionTable& clean);

/// Classifies the images once for each corruption and severity. clean: their predictions as they are, in the same order, labelled. Draws depend on an image's name
/// alone, not on order or threads. An image that cannot be read is left out, and ends nothing. Tells each corruption on stderr.
PerturbationTable perturb(const ModelRunner& model, std::span<const ImageFile> images, const PredictionTable& clean, std::size_t batch_size, int threads);

}  // namespace lobule
