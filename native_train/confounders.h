#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dataset.h"
#include "image_set.h"
#include "lobule/image.h"
#include "lobule/prediction_table.h"

namespace lobule {

/// A fold of a cross-validation, as indices into Dataset::samples: it tests, all others train.
struct Fold {
  std::vector<std::size_t> train;
  std::vector<std::size_t> test;
};

/// The folds of a CSV of `lobule split --folds`, or of any with columns path and fold. Throws as apply_split does, and where the file says sets.
std::vector<Fold> read_folds(Dataset dataset, const std::filesystem::path& split);

/// A word for each of Dataset::samples: what a confounder is of an image.
using Categories = std::vector<std::string>;
Categories magnifications_of(const Dataset& dataset);  // "" where unknown
Categories sources_of(const Dataset& dataset);         // the same

/// Why an image's category can say nothing of its class: none of the folds' images has one, or all have the same. Nothing where it may say something.
std::optional<std::string> why_says_nothing(const Categories& categories, std::span<const Fold> folds);

/// Means of R, G and B over all pixels, 0 to 255.
using MeanColour = std::array<double, 3>;
MeanColour mean_colour(const Image& image);

/// Those of each of Dataset::samples.
struct LoadedColours {
  std::vector<std::optional<MeanColour>> colours;  // nothing for an image that cannot be read
  std::vector<LoadFailure> failures;
};
/// Decodes the samples that the folds test, on several threads (0: one per processor).
LoadedColours load_colours(const Dataset& dataset, std::span<const Fold> folds, int threads);

// Out-of-fold predictions of every image that a fold tests, in the order of the samples: what a model reaches that sees nothing of an image but this. Both
// classes weigh the same in training, so that 0.5 is where balanced accuracy wants the call. For data of two classes (std::logic_error otherwise);
// std::runtime_error where a fold leaves no image of one class to train by.

/// By the positives' share among the training images of the same category, with one of each class added (Laplace): 0.5 for a category that was not trained on.
PredictionTable predict_from_categories(const Dataset& dataset, std::span<const Fold> folds, const Categories& categories);

/// By a logistic regression of mean colours. Images that cannot be read have no result.
PredictionTable predict_from_colours(const Dataset& dataset, std::span<const Fold> folds, const LoadedColours& loaded);

}  // namespace lobule
