#include "predict_logits.h"

#include "device.h"
#include "interruption.h"
#include "shard.h"

namespace lobule {

int prediction_batch_size(const TrainOptions& options, int processes) {
  const int pieces = options.accumulate * processes;
  return 4 * ((options.batch_size + pieces - 1) / pieces);
}

torch::Tensor predict_logits(Network& network, const LabelledImages& images, const TrainOptions& options, const TrainingSite& site) {
  const torch::NoGradGuard no_grad;
  const bool was_training = network.is_training();
  const torch::ScalarType type = network.parameters().front().scalar_type();
  network.eval();
  const Slice part = shard(images.labels.size(), site.processes->rank(), site.processes->size());
  BatchPlan plan = part.size() == 0 ? BatchPlan{} : ordered_batches(part.size(), prediction_batch_size(options, site.processes->size()));
  for (std::vector<std::size_t>& batch : plan) {
    for (std::size_t& index : batch) index += part.begin;
  }
  std::vector<torch::Tensor> logits;
  BatchStream batches(images, plan, 0, std::nullopt, site.loader_threads, batch_memory(site.device));
  while (const std::optional<Batch> batch = batches.next()) {
    if (InterruptionWatch::interrupted()) break;
    logits.push_back(network.forward(batch->images.to(site.device, type, /*non_blocking=*/true)).to(torch::kFloat32));
  }
  network.train(was_training);
  if (site.processes->any(InterruptionWatch::interrupted())) return {};
  return site.processes->gather_rows(logits.empty() ? torch::empty({0, images.classes}) : torch::cat(logits));
}

}  // namespace lobule
