#include "training.h"

#include <chrono>
#include <cmath>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <vector>

#include "atomic_file.h"
#include "device.h"
#include "early_stopping.h"
#include "epoch_figures.h"
#include "epoch_log.h"
#include "interruption.h"
#include "lobule/portable_math.h"
#include "progress.h"
#include "run_folder.h"

namespace lobule {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Convolutions are faster where the channels of a pixel lie side by side (oneDNN and cuDNN alike).
void move_to_device(Network& network, torch::Device device) {
  network.to(device);
  for (torch::Tensor& parameter : network.parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  }
}

std::vector<std::int64_t> labels_in_order(const LabelledImages& images, const BatchPlan& plan) {
  std::vector<std::int64_t> labels;
  for (const std::vector<std::size_t>& batch : plan) {
    for (const std::size_t index : batch) labels.push_back(images.labels[index]);
  }
  return labels;
}

bool has_finite_weights(const Network& network) {
  for (const torch::Tensor& parameter : network.parameters()) {
    if (!torch::isfinite(parameter).all().item<bool>()) return false;
  }
  return true;
}

class Training {
 public:
  Training(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site);
  TrainingEnd run();

 private:
  bool finished() const;
  bool train_epoch(const BatchPlan& plan);
  void train_step(const BatchPlan& plan, const Batch& batch);
  std::vector<std::uint64_t> sample_seeds(const std::vector<std::size_t>& chosen) const;
  bool finish_epoch(const BatchPlan& plan);
  void keep(EpochRecord record);
  [[noreturn]] void throw_diverged(const std::string& where, const std::string& what) const;
  void save() const;

  const TrainOptions& options_;
  const TrainingData& data_;
  Network& network_;
  const TrainingSite& site_;
  RunIdentity identity_;
  std::vector<double> class_weights_;
  torch::Tensor loss_weights_;  // the same on the device; undefined: none
  std::optional<Adam> adam_;
  TrainingPosition position_;
  std::vector<torch::Tensor> step_logits_;  // of the epoch that is going on, in host memory
  double last_loss_ = 0;
  ProgressLine progress_;
  std::optional<EpochEvents> events_;
};

Training::Training(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site)
    : options_(options),
      data_(data),
      network_(network),
      site_(site),
      identity_{to_json(options), data.manifest_sha256},
      progress_(std::cerr, stderr_is_terminal()) {
  move_to_device(network, site.device);
  adam_.emplace(network, AdamOptions{.learning_rate = options.learning_rate, .weight_decay = options.weight_decay});
  if (options.class_weights == ClassWeights::balanced) {
    class_weights_ = balanced_class_weights(data.train, data.dataset.class_names.size());
    loss_weights_ = torch::tensor(class_weights_, torch::kFloat32).to(site.device);
  }
  const std::filesystem::path last = site.run_dir / run_file::kLastCheckpoint;
  if (std::filesystem::exists(last)) {
    position_ = load_checkpoint(last, network, *adam_, identity_);
    if (position_.epoch_logits.defined()) step_logits_.push_back(position_.epoch_logits);
    write_file_atomically(site.run_dir / run_file::kHistory, history_text(position_.history));
  }
}

bool Training::finished() const { return position_.epoch > options_.epochs || should_stop(position_.history, options_.patience); }

TrainingEnd Training::run() {
  if (finished()) return TrainingEnd::done;
  const InterruptionWatch watch;
  events_.emplace(site_.run_dir / run_file::kEvents, position_.epoch);
  std::cerr << epoch_header() << "\n";
  for (const EpochRecord& record : position_.history) std::cerr << epoch_line(record) << "\n";
  while (!finished()) {
    const BatchPlan plan = shuffled_batches(data_.train.labels.size(), options_.batch_size, options_.seed, position_.epoch);
    const Clock::time_point start = Clock::now();
    bool whole = train_epoch(plan);
    position_.seconds += seconds_since(start);
    whole = whole && finish_epoch(plan);
    progress_.clear();
    if (!whole) {
      if (!has_finite_weights(network_)) throw_diverged("", "interrupted, and the weights are no longer finite numbers");
      save();
      return TrainingEnd::interrupted;
    }
    std::cerr << epoch_line(position_.history.back()) << std::endl;
  }
  return TrainingEnd::done;
}

/// False when a signal came.
bool Training::train_epoch(const BatchPlan& plan) {
  std::optional<EpochAugmentation> augmentation;
  if (options_.augment) augmentation = EpochAugmentation{options_.augmentation, options_.seed, position_.epoch};
  std::int64_t images = 0;
  for (std::int64_t i = 0; i < position_.step; ++i) images += static_cast<std::int64_t>(plan.at(static_cast<std::size_t>(i)).size());
  progress_.start_epoch(position_.epoch, options_.epochs, static_cast<std::int64_t>(data_.train.labels.size()), images);
  BatchStream batches(data_.train, plan, static_cast<std::size_t>(position_.step), augmentation, site_.loader_threads);
  network_.train();
  while (const std::optional<Batch> batch = batches.next()) {
    train_step(plan, *batch);
    images += batch->labels.size(0);
    progress_.show(images, last_loss_);
    if (InterruptionWatch::interrupted()) return false;
  }
  return true;
}

/// Dropout draws from (seed, epoch, image): a resumed training needs no saved generator, and no process the others' batches.
std::vector<std::uint64_t> Training::sample_seeds(const std::vector<std::size_t>& chosen) const {
  constexpr std::uint64_t kDropoutKey = 0x64726f70;  // augmentation draws from the same three
  std::vector<std::uint64_t> seeds;
  for (const std::size_t index : chosen) seeds.push_back(mix_seed(options_.seed ^ kDropoutKey, static_cast<std::uint64_t>(position_.epoch), index));
  return seeds;
}

void Training::train_step(const BatchPlan& plan, const Batch& batch) {
  network_.seed_samples(sample_seeds(plan.at(static_cast<std::size_t>(position_.step))));
  adam_->zero_gradients();
  const torch::Tensor logits = network_.forward(batch.images.to(site_.device));
  const torch::Tensor loss =
      torch::nn::functional::cross_entropy(logits, batch.labels.to(site_.device), torch::nn::functional::CrossEntropyFuncOptions().weight(loss_weights_));
  last_loss_ = loss.item<double>();
  if (!std::isfinite(last_loss_)) throw_diverged(", step " + std::to_string(position_.step + 1), "the loss is " + std::to_string(last_loss_));
  loss.backward();
  adam_->step();
  step_logits_.push_back(to_host(logits.detach()));
  ++position_.step;
}

/// False when a signal came before the validation was over.
bool Training::finish_epoch(const BatchPlan& plan) {
  if (InterruptionWatch::interrupted()) return false;
  const torch::Tensor val_logits = predict_logits(network_, data_.val, options_.batch_size, site_);
  if (!val_logits.defined()) return false;
  const int positive = data_.dataset.positive_class;
  EpochRecord record;
  record.epoch = position_.epoch;
  record.learning_rate = options_.learning_rate;
  record.seconds = position_.seconds;
  record.images_per_second = static_cast<double>(data_.train.labels.size()) / std::max(position_.seconds, 1e-9);
  record.train = set_figures(torch::cat(step_logits_), labels_in_order(data_.train, plan), class_weights_, positive);
  record.val = set_figures(val_logits, data_.val.labels, class_weights_, positive);
  if (!std::isfinite(record.val.loss)) throw_diverged("", "the validation loss is " + std::to_string(record.val.loss));
  keep(record);
  return true;
}

/// The checkpoint comes last: whatever is interrupted before it is done again, with the same result.
void Training::keep(EpochRecord record) {
  const int best = best_epoch(position_.history);
  record.best = best == 0 || record.val.loss < position_.history[static_cast<std::size_t>(best) - 1].val.loss;
  events_->write(record);
  if (record.best) {
    save_weights(site_.run_dir / run_file::kBestWeights, network_, {{"epoch", std::to_string(record.epoch)}});
  }
  position_.history.push_back(record);
  ++position_.epoch;
  position_.step = 0;
  position_.seconds = 0;
  step_logits_.clear();
  save();
  write_file_atomically(site_.run_dir / run_file::kHistory, history_text(position_.history));
}

/// Nothing has been written since the last checkpoint, so that one is good.
void Training::throw_diverged(const std::string& where, const std::string& what) const {
  throw std::runtime_error("epoch " + std::to_string(position_.epoch) + where + ": " + what + ": the training has diverged; the last good checkpoint, with " +
                           std::to_string(position_.history.size()) + " whole epochs, is kept. Try a lower --lr");
}

void Training::save() const {
  TrainingPosition position = position_;
  position.epoch_logits = step_logits_.empty() ? torch::Tensor() : torch::cat(step_logits_);
  save_checkpoint(site_.run_dir / run_file::kLastCheckpoint, network_, *adam_, position, identity_);
}

}  // namespace

TrainingEnd run_training(const TrainOptions& options, const TrainingData& data, Network& network, const TrainingSite& site) {
  return Training(options, data, network, site).run();
}

torch::Tensor predict_logits(Network& network, const LabelledImages& images, int batch_size, const TrainingSite& site) {
  const torch::NoGradGuard no_grad;
  const bool was_training = network.is_training();
  network.eval();
  std::vector<torch::Tensor> logits;
  BatchStream batches(images, ordered_batches(images.labels.size(), batch_size), 0, std::nullopt, site.loader_threads);
  while (const std::optional<Batch> batch = batches.next()) {
    if (InterruptionWatch::interrupted()) break;
    logits.push_back(to_host(network.forward(batch->images.to(site.device))));
  }
  network.train(was_training);
  return InterruptionWatch::interrupted() ? torch::Tensor() : torch::cat(logits);
}

}  // namespace lobule
