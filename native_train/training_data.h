#pragma once

#include <optional>
#include <string>
#include <vector>

#include "batches.h"
#include "dataset.h"
#include "image_set.h"
#include "lobule/preprocess.h"

namespace lobule {

/// What a training learns from and is watched by. The data set names the test images too, but nothing looks at them before the training is over.
struct TrainingData {
  Dataset dataset;  // with its sets
  LabelledImages train;
  LabelledImages val;  // may be empty: then nothing chooses among the epochs, and the last one's weights are kept
  bool has_validation() const { return !val.labels.empty(); }
  std::string manifest_sha256;  // over path, label, patient, set and pixel hash of each image
};

/// Takes the sets apart. images: of all samples that can be read. detailed: the same images at another size, for augmentation. Throws std::runtime_error when the training set or a class of either set has no image.
TrainingData make_training_data(Dataset dataset, LoadedImages images, const InputSpec& input, std::optional<LoadedImages> detailed = std::nullopt);

/// "train: 360 images (180 benign, 180 malignant) of 12 patients"
std::string set_summary(const Dataset& dataset, SetName set);

/// Where the images come from, as the data says: sorted, without those that say nothing.
std::vector<std::string> image_sources(const Dataset& dataset);

/// Whether `lobule phantom` drew every image, as their names say.
bool is_synthetic(const Dataset& dataset);

/// Weight of each class in the loss: images / (classes * images of the class), so that each class counts the same.
std::vector<double> balanced_class_weights(const LabelledImages& images, std::size_t classes);

}  // namespace lobule
