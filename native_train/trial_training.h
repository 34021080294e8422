#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "batches.h"
#include "network.h"
#include "optimizer.h"
#include "process_group.h"
#include "train_options.h"
#include "training_data.h"
#include "training_setup.h"
#include "training_step.h"

namespace lobule {

struct TrialStep {
  double loss = 0;           // of its batch, before the weights moved
  double gradient_norm = 0;  // before clipping
  double seconds = 0;        // with the wait for its batch
};

/// The steps of a training, with its own options, batches and augmentation, of which nothing is kept: to measure with. One process.
class TrialTraining {
 public:
  /// Prepares the network as run_training does. All but the network must outlive this. Throws as prepare_network does.
  TrialTraining(const TrainOptions& options, const TrainingData& data, Network& network, torch::Device device, int loader_threads);

  /// The next step, which waits for the device; after an epoch's last one comes the next epoch's first. Loss or gradient that is no finite number leaves
  /// the weights as they are.
  TrialStep step(double learning_rate);

  /// Forward over the first batch of the validation set. Returns seconds an image.
  double validate();

  std::int64_t steps_per_epoch() const;

 private:
  void start_epoch();

  const TrainOptions& options_;
  const TrainingData& data_;
  Network& network_;
  torch::Device device_;
  int loader_threads_;
  ProcessGroup processes_;  // this one alone
  std::vector<double> class_weights_;
  std::optional<Optimizer> optimizer_;
  std::optional<TrainingStep> step_;
  int epoch_ = 0;
  std::size_t next_ = 0;  // batch of the plan
  EpochPlan plan_;
  std::optional<BatchStream> batches_;
};

}  // namespace lobule
