#include "linear_probe.h"

#include <stdexcept>

#include "batches.h"
#include "device.h"
#include "interruption.h"
#include "predict_logits.h"
#include "pretrained_weights.h"
#include "training_setup.h"

namespace lobule {
namespace {

constexpr int kViews = 5;  // of each image, besides the image itself
constexpr int kMostIterations = 1000;

torch::Tensor one_view(const TrainOptions& options, const TrainingData& data, int view, Network& network, int loader_threads) {
  std::optional<EpochAugmentation> augmentation;
  if (view > 0) augmentation = EpochAugmentation{options.augmentation, options.appearance, std::nullopt, options.seed, view};
  const torch::Device device = network.parameters().front().device();
  std::vector<torch::Tensor> features;
  BatchStream batches(data.train, ordered_batches(data.train.labels.size(), prediction_batch_size(options, 1)), 0, augmentation, loader_threads,
                      batch_memory(device));
  while (const std::optional<Batch> batch = batches.next()) {
    if (InterruptionWatch::interrupted()) throw std::runtime_error("interrupted before the training began");
    features.push_back(to_host(network.features(batch->images.to(device, /*non_blocking=*/true))).to(torch::kFloat64));
  }
  return torch::cat(features);
}

torch::Tensor weights_of_images(const TrainOptions& options, const TrainingData& data) {
  torch::Tensor weights = torch::ones({static_cast<std::int64_t>(data.train.labels.size())}, torch::kFloat64);
  if (options.balance == Balance::patient) weights *= torch::tensor(draws_of_images(data), torch::kFloat64);
  const std::vector<double> class_weights = loss_class_weights(options, data);
  if (!class_weights.empty()) weights *= torch::tensor(class_weights, torch::kFloat64).index_select(0, torch::tensor(data.train.labels, torch::kInt64));
  return weights;
}

}  // namespace

LinearClassifier fit_logistic_regression(const torch::Tensor& features, const torch::Tensor& labels, const torch::Tensor& sample_weights, std::int64_t classes,
                                         double penalty) {
  if (features.dim() != 2 || labels.sizes() != features.sizes().slice(0, 1) || sample_weights.sizes() != labels.sizes()) {
    throw std::logic_error("fit_logistic_regression: a label and a weight for each row of features");
  }
  if (!(penalty > 0)) throw std::logic_error("fit_logistic_regression: without a penalty there may be no smallest loss");
  const torch::Tensor mean = features.mean(0);
  const torch::Tensor deviation = features.std(0, /*unbiased=*/false).clamp_min(1e-6);  // a feature that never changes says nothing
  const torch::Tensor x = (features - mean) / deviation;
  const torch::Tensor share = sample_weights / sample_weights.sum();
  torch::Tensor weight = torch::zeros({classes, x.size(1)}, x.options().requires_grad(true));
  torch::Tensor bias = torch::zeros({classes}, x.options().requires_grad(true));
  torch::optim::LBFGS optimizer(std::vector<torch::Tensor>{weight, bias}, torch::optim::LBFGSOptions(1)
                                                                              .max_iter(kMostIterations)
                                                                              .max_eval(2 * kMostIterations)
                                                                              .tolerance_grad(1e-8)
                                                                              .tolerance_change(1e-12)
                                                                              .history_size(20)
                                                                              .line_search_fn("strong_wolfe"));
  optimizer.step([&] {
    optimizer.zero_grad();
    const torch::Tensor log_probability = torch::log_softmax(torch::addmm(bias, x, weight.t()), 1).gather(1, labels.unsqueeze(1)).squeeze(1);
    torch::Tensor loss = -(share * log_probability).sum() + penalty / 2 * weight.square().sum();
    loss.backward();
    return loss;
  });
  const torch::NoGradGuard no_grad;
  const torch::Tensor of_raw = weight.detach() / deviation;
  return {of_raw, bias.detach() - of_raw.mv(mean)};
}

void start_from_linear_probe(const TrainOptions& options, const TrainingData& data, Network& network, int loader_threads) {
  const InterruptionWatch watch;
  const bool was_training = network.is_training();
  network.eval();
  std::vector<torch::Tensor> features;
  std::vector<torch::Tensor> labels;
  std::vector<torch::Tensor> weights;
  {
    const torch::NoGradGuard no_grad;
    for (int view = 0; view <= (options.augment ? kViews : 0); ++view) {
      features.push_back(one_view(options, data, view, network, loader_threads));
      labels.push_back(torch::tensor(data.train.labels, torch::kInt64));
      weights.push_back(weights_of_images(options, data));
    }
  }
  const LinearClassifier fitted =
      fit_logistic_regression(torch::cat(features), torch::cat(labels), torch::cat(weights), data.train.classes, options.linear_probe);
  const torch::NoGradGuard no_grad;
  network.classifier()->weight.copy_(fitted.weight);
  network.classifier()->bias.copy_(fitted.bias);
  network.train(was_training);
}

std::string load_start(const std::string& weights, const TrainOptions& options, const TrainingData& data, int loader_threads, Network& network) {
  NetworkOptions shape = options.network;
  shape.classes = static_cast<int>(data.train.classes);
  const std::string what = load_pretrained_weights(weights, shape, network);
  if (options.linear_probe == 0) return what;
  start_from_linear_probe(options, data, network, loader_threads);
  return what + "; the last stage from a logistic regression of its features";
}

}  // namespace lobule
