#include "trial_training.h"

#include <chrono>

#include "device.h"
#include "predict_logits.h"
#include "training_setup.h"

namespace lobule {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

TrialTraining::TrialTraining(const TrainOptions& options, const TrainingData& data, Network& network, torch::Device device, int loader_threads)
    : options_(options), data_(data), network_(network), device_(device), loader_threads_(loader_threads), class_weights_(loss_class_weights(options, data)) {
  prepare_network(network, options, device);
  optimizer_.emplace(network, options);
  step_.emplace(options, network, *optimizer_, class_weights_, device, processes_);
  network_.train();
  start_epoch();
}

void TrialTraining::start_epoch() {
  ++epoch_;
  next_ = 0;
  plan_ = plan_epoch(options_, data_, epoch_);
  batches_.emplace(data_.train, plan_.batches, 0, plan_.augmentation, loader_threads_, batch_memory(device_));
}

TrialStep TrialTraining::step(double learning_rate) {
  const Clock::time_point start = Clock::now();
  if (next_ == plan_.batches.size()) start_epoch();
  const std::vector<std::size_t>& images = plan_.batches[next_++];
  const std::optional<Batch> batch = batches_->next();
  const StepOutcome outcome =
      step_->run(*batch, sample_seeds(options_.seed, epoch_, images), weight_sum(data_.train, plan_, images, class_weights_), learning_rate);
  const torch::Tensor facts = to_host(outcome.facts);
  return {facts[0].item<float>(), facts[1].item<float>(), seconds_since(start)};
}

double TrialTraining::validate() {
  if (!data_.has_validation()) return 0;
  const torch::NoGradGuard no_gradient;
  network_.eval();
  const BatchPlan plan = {ordered_batches(data_.val.labels.size(), prediction_batch_size(options_, 1)).front()};
  const Clock::time_point start = Clock::now();
  BatchStream batches(data_.val, plan, 0, std::nullopt, loader_threads_, batch_memory(device_));
  const torch::Tensor logits = to_host(network_.forward(batches.next()->images.to(device_, weight_type(options_.precision))));
  network_.train();
  return seconds_since(start) / static_cast<double>(logits.size(0));
}

std::int64_t TrialTraining::steps_per_epoch() const { return static_cast<std::int64_t>(plan_.batches.size()); }

}  // namespace lobule
