#pragma once

#include "lobule/image.h"
#include "train_options.h"
#include "training_data.h"

namespace lobule {

/// What the network sees: a row for each of some training images, as it is and then as the first epochs show it, with mixup's partners. The images are spread
/// evenly over the training set; the epochs are those that fit into 4096 pixels, 1 to 7. Throws std::logic_error as BatchStream does.
Image augmentation_sheet(const TrainOptions& options, const TrainingData& data);

}  // namespace lobule
