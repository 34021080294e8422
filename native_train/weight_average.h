#pragma once

#include <torch/torch.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "network.h"

namespace lobule {

/// Exponential moving average of a network's weights and batch norm's running figures (Polyak & Juditsky 1992; as trained networks use it:
/// Tan & Le 2019). Early on the decay is (1 + steps) / (10 + steps), as TensorFlow's, so that the start is soon forgotten.
class WeightAverage {
 public:
  /// decay: share of the average that a step leaves, e.g. 0.999.
  WeightAverage(const Network& network, double decay);

  /// After a step of the optimiser; steps: how many there were, this one among them.
  void update(std::int64_t steps);

  /// Exchanges the network's values and the averages. Done twice all is as before: whoever looks at the averages does it before and after.
  void exchange();

  /// The averages by the network's own names. They share memory with this object.
  std::map<std::string, torch::Tensor> state() const;

 private:
  double decay_;
  std::vector<std::string> names_;
  std::vector<torch::Tensor> values_;    // the network's own
  std::vector<torch::Tensor> averages_;  // of each
};

/// While it lives the network has its averaged weights; without an average, its own.
class AveragedWeights {
 public:
  explicit AveragedWeights(std::optional<WeightAverage>& average) : average_(average) {
    if (average_) average_->exchange();
  }
  ~AveragedWeights() {
    if (average_) average_->exchange();
  }
  AveragedWeights(const AveragedWeights&) = delete;
  AveragedWeights& operator=(const AveragedWeights&) = delete;

 private:
  std::optional<WeightAverage>& average_;
};

}  // namespace lobule
