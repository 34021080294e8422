#include "training.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "common_start.h"
#include "device.h"
#include "early_stopping.h"
#include "epoch_figures.h"
#include "epoch_log.h"
#include "epoch_logits.h"
#include "interruption.h"
#include "learning_rate.h"
#include "predict_logits.h"
#include "progress.h"
#include "run_folder.h"
#include "shard.h"
#include "training_setup.h"
#include "training_step.h"

namespace lobule {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::vector<std::int64_t> labels_in_order(const LabelledImages& images, const BatchPlan& plan) {
  std::vector<std::int64_t> labels;
  for (const std::vector<std::size_t>& batch : plan) {
    for (const std::size_t number : batch) labels.push_back(label_of(images, number));
  }
  return labels;
}

class Training {
 public:
  Training(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site);
  TrainingEnd run();

 private:
  /// A step whose outcome nobody has looked at: looking would wait for the device, so that is done when the next one is under way.
  struct PendingStep {
    torch::Tensor facts;
    std::vector<std::size_t> images;  // of the batch, as BatchPlan numbers them
    std::int64_t number = 0;          // from 1, in its epoch
  };

  void restore();
  bool finished() const;
  bool train_epoch(const EpochPlan& plan);
  void train_step(const std::vector<std::size_t>& images, const Batch& batch, std::int64_t steps_per_epoch, double weight_sum);
  void agree();
  bool finish_epoch(const BatchPlan& plan);
  [[noreturn]] void throw_diverged(const std::string& where, const std::string& what) const;
  void save();
  Learner learner() { return {network_, *optimizer_, average_ ? &*average_ : nullptr}; }
  ProcessGroup& processes() const { return *site_.processes; }

  const TrainOptions& options_;
  const TrainingData& data_;
  Network& network_;
  const TrainingSite& site_;
  RunIdentity identity_;
  std::vector<double> class_weights_;
  std::optional<Optimizer> optimizer_;
  std::optional<WeightAverage> average_;
  std::optional<TrainingStep> step_;
  TrainingPosition position_;
  EpochLogits epoch_logits_;
  std::optional<PendingStep> pending_;
  double last_loss_ = 0;
  bool interrupted_ = false;  // one of the processes was, and all know
  bool save_is_due_ = false;
  Clock::time_point last_save_ = Clock::now();
  ProgressLine progress_;
  std::optional<EpochEvents> events_;
};

Training::Training(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site)
    : options_(options),
      data_(data),
      network_(network),
      site_(site),
      identity_{to_json(options), data.manifest_sha256},
      epoch_logits_(*site.processes, data.dataset.class_names.size()),
      progress_(std::cerr, stderr_is_terminal() && site.processes->leads()) {
  prepare_network(network, options, site.device);
  class_weights_ = loss_class_weights(options, data);
  optimizer_.emplace(network, options);
  if (options.weight_average > 0) average_.emplace(network, options.weight_average);
  if (processes().leads()) restore();
  share_start(processes(), learner(), position_);
  epoch_logits_.restore(position_.epoch_logits);
  step_.emplace(options, network, *optimizer_, class_weights_, site.device, processes());
}

void Training::restore() {
  std::optional<RestoredTraining> restored = load_checkpoint(site_.run_dir, learner(), identity_);
  if (!restored) return;
  if (!restored->damage.empty()) std::cerr << restored->damage << "; going on from the checkpoint before it" << std::endl;
  position_ = std::move(restored->position);
  write_history(site_.run_dir, position_.history);
}

bool Training::finished() const { return position_.epoch > options_.epochs || should_stop(position_.history, options_.patience); }

TrainingEnd Training::run() {
  if (options_.epochs == 0 && processes().leads()) {  // the start is the result
    save_weights(site_.run_dir / run_file::kBestWeights, network_, {{"epoch", "0"}});
    write_history(site_.run_dir, {});
  }
  if (!finished()) {
    const InterruptionWatch watch;
    if (processes().leads()) events_.emplace(site_.run_dir / run_file::kEvents, position_.epoch);
    std::cerr << epoch_header() << "\n";
    for (const EpochRecord& record : position_.history) std::cerr << epoch_line(record) << "\n";
    while (!finished()) {
      const EpochPlan plan = plan_epoch(options_, data_, position_.epoch);
      const bool whole = train_epoch(plan) && finish_epoch(plan.batches);
      progress_.clear();
      save();  // last: whatever is interrupted before it is done again, with the same result
      if (!whole) return TrainingEnd::interrupted;
      if (processes().leads()) write_history(site_.run_dir, position_.history);
      std::cerr << epoch_line(position_.history.back()) << std::endl;
    }
    // While the last epoch was saved: what follows a training is left to the run that resumes it.
    if (processes().any(InterruptionWatch::interrupted())) return TrainingEnd::interrupted;
  }
  cast_network(network_, torch::kFloat32);
  return TrainingEnd::done;
}

/// False when a signal came.
bool Training::train_epoch(const EpochPlan& plan) {
  const auto steps = static_cast<std::int64_t>(plan.batches.size());
  std::int64_t images = 0;
  for (std::int64_t i = 0; i < position_.step; ++i) images += static_cast<std::int64_t>(plan.batches.at(static_cast<std::size_t>(i)).size());
  progress_.start_epoch(position_.epoch, options_.epochs, static_cast<std::int64_t>(data_.train.labels.size()), images);
  const Clock::time_point start = Clock::now();
  const double seconds_before = position_.seconds;
  BatchStream batches(data_.train, shard_batches(plan.batches, processes().rank(), processes().size()), static_cast<std::size_t>(position_.step),
                      plan.augmentation, site_.loader_threads, batch_memory(site_.device));
  network_.train();
  while (const std::optional<Batch> batch = batches.next()) {
    const std::vector<std::size_t>& of_step = plan.batches.at(static_cast<std::size_t>(position_.step));
    train_step(of_step, *batch, steps, weight_sum(data_.train, plan, of_step, class_weights_));
    position_.seconds = seconds_before + seconds_since(start);
    images += static_cast<std::int64_t>(of_step.size());
    progress_.show(images, last_loss_);
    if (interrupted_) break;
    if (save_is_due_ && position_.step < steps) save();
  }
  agree();
  position_.seconds = seconds_before + seconds_since(start);
  return !interrupted_;
}

/// images: of the whole batch; batch: this process's shard of them.
void Training::train_step(const std::vector<std::size_t>& images, const Batch& batch, std::int64_t steps_per_epoch, double weight_sum) {
  const std::int64_t steps_before = (position_.epoch - 1) * steps_per_epoch + position_.step;
  const Slice part = shard(images.size(), processes().rank(), processes().size());
  const std::vector<std::size_t> own(images.begin() + static_cast<std::ptrdiff_t>(part.begin), images.begin() + static_cast<std::ptrdiff_t>(part.end));
  StepOutcome outcome =
      step_->run(batch, sample_seeds(options_.seed, position_.epoch, own), weight_sum, learning_rate_at(options_, steps_before, steps_per_epoch));
  if (average_) average_->update(steps_before + 1);
  epoch_logits_.add(outcome.logits, images.size());
  ++position_.step;
  agree();
  pending_ = PendingStep{std::move(outcome.facts), images, position_.step};
}

/// One small collective, so that no process goes on alone: the loss of the step before, whether anybody was interrupted, and whether process 0, whose clock
/// counts, wants a checkpoint. Throws std::runtime_error when loss or gradient of that step was no finite number.
void Training::agree() {
  const bool due = processes().leads() && seconds_since(last_save_) >= 60 * site_.checkpoint_minutes;
  const torch::Tensor facts = pending_ ? to_host(pending_->facts) : torch::zeros({2});
  const torch::Tensor sums = processes().sum(
      torch::tensor({static_cast<double>(facts[0].item<float>()), InterruptionWatch::interrupted() ? 1.0 : 0.0, due ? 1.0 : 0.0}, torch::kFloat64));
  interrupted_ = sums[1].item<double>() > 0;
  save_is_due_ = sums[2].item<double>() > 0;
  if (!pending_) return;
  last_loss_ = sums[0].item<double>();
  const auto norm = facts[1].item<double>();  // of the averaged gradient: the same on all processes
  if (!std::isfinite(last_loss_) || !std::isfinite(norm)) {
    std::ostringstream what;
    what << "the loss is " << last_loss_ << " and the norm of its gradient " << norm << ", with the images";
    for (const std::size_t number : pending_->images) {
      what << ' ' << data_.dataset.samples[data_.train.images->samples[data_.train.chosen[number % data_.train.chosen.size()]]].path;
    }
    throw_diverged(", step " + std::to_string(pending_->number), what.str());
  }
  pending_.reset();
}

/// False when a signal came before the validation was over.
bool Training::finish_epoch(const BatchPlan& plan) {
  const AveragedWeights averaged(average_);
  processes().broadcast(network_.buffers());  // batch norm's running figures, of which each process has its own
  torch::Tensor val_logits;
  if (data_.has_validation()) {
    val_logits = predict_logits(network_, data_.val, options_, site_);
    if (!val_logits.defined()) return false;
  }
  const int positive = data_.dataset.positive_class;
  EpochRecord record;
  record.epoch = position_.epoch;
  const auto steps = static_cast<std::int64_t>(plan.size());
  record.learning_rate = learning_rate_at(options_, position_.epoch * steps - 1, steps);  // of its last step
  record.seconds = position_.seconds;
  record.images_per_second = static_cast<double>(data_.train.labels.size()) / std::max(position_.seconds, 1e-9);
  record.train = set_figures(epoch_logits_.gather(), labels_in_order(data_.train, plan), class_weights_, positive);
  if (data_.has_validation()) {
    record.val = set_figures(val_logits, data_.val.labels, class_weights_, positive);
    if (!std::isfinite(record.val->loss)) throw_diverged("", "the validation loss is " + std::to_string(record.val->loss));
  }
  position_.history.push_back(record);
  position_.history.back().best = record.best = best_epoch(position_.history) == record.epoch;
  if (record.best && processes().leads()) save_weights(site_.run_dir / run_file::kBestWeights, network_, {{"epoch", std::to_string(record.epoch)}});
  if (events_) events_->write(record);
  ++position_.epoch;
  position_.step = 0;
  position_.seconds = 0;
  epoch_logits_.clear();
  return true;
}

/// No checkpoint was written since, so the last one is good.
void Training::throw_diverged(const std::string& where, const std::string& what) const {
  throw std::runtime_error("epoch " + std::to_string(position_.epoch) + where + ": " + what + ": the training has diverged; the last good checkpoint, with " +
                           std::to_string(position_.history.size()) + " whole epochs, is kept. Try a lower --lr");
}

void Training::save() {
  agree();
  TrainingPosition position = position_;
  position.epoch_logits = epoch_logits_.gather();
  if (processes().leads()) save_checkpoint(site_.run_dir, learner(), position, identity_);
  last_save_ = Clock::now();
}

}  // namespace

TrainingEnd run_training(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site) {
  return Training(options, data, network, site).run();
}

}  // namespace lobule
