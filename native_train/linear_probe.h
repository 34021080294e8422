#pragma once

#include <torch/torch.h>

#include <vector>

#include "network.h"
#include "train_options.h"
#include "training_data.h"

namespace lobule {

/// A linear classifier: logits = features * weight^T + bias.
struct LinearClassifier {
  torch::Tensor weight;  // [classes, C] float64
  torch::Tensor bias;    // [classes] float64
};

/// Multinomial logistic regression of standardised features: the classifier that makes cross-entropy, averaged by sample_weights, plus penalty / 2 times the sum of
/// its squared weights smallest; the bias is free. By L-BFGS (Liu & Nocedal 1989) in float64. features: [N, C]; labels: [N] int64; sample_weights: [N], positive.
/// The result takes features as they are. Throws std::logic_error when the shapes do not fit together or penalty is not above 0.
LinearClassifier fit_logistic_regression(const torch::Tensor& features, const torch::Tensor& labels, const torch::Tensor& sample_weights, std::int64_t classes,
                                         double penalty);

/// Linear probing before fine-tuning (Kumar et al., "Fine-tuning can distort pretrained features and underperform out-of-distribution", ICLR 2022): the last stage
/// becomes the logistic regression of the features that the network has of the training images, each as it is and in the views of the first epochs, weighted as the
/// options balance them. The network keeps its device and mode. Throws std::runtime_error when a signal comes in between.
void start_from_linear_probe(const TrainOptions& options, const TrainingData& data, Network& network, int loader_threads);

/// load_pretrained_weights, and the linear probe where the options ask for one. weights: as load_pretrained_weights takes them.
std::string load_start(const std::string& weights, const TrainOptions& options, const TrainingData& data, int loader_threads, Network& network);

}  // namespace lobule
