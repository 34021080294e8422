#include "common_start.h"

#include <nlohmann/json.hpp>

namespace lobule {

void share_start(ProcessGroup& processes, const Learner& learner, TrainingPosition& position) {
  if (processes.size() == 1) return;
  std::vector<torch::Tensor> on_device = learner.network.parameters();
  for (const torch::Tensor& buffer : learner.network.buffers()) on_device.push_back(buffer);
  for (const auto& [name, tensor] : learner.optimizer.state()) on_device.push_back(tensor);
  if (learner.average != nullptr) {
    for (const auto& [name, tensor] : learner.average->state()) on_device.push_back(tensor);
  }
  processes.broadcast(on_device);

  using Json = nlohmann::ordered_json;
  std::string lines;
  for (const EpochRecord& record : position.history) lines += to_json_line(record) + "\n";
  const Json json = Json::parse(processes.broadcast(Json{{"epoch", position.epoch}, {"step", position.step}, {"history", lines}}.dump()));
  if (processes.leads()) return;
  position.epoch = json.at("epoch").get<int>();
  position.step = json.at("step").get<std::int64_t>();
  position.history = parse_history(json.at("history").get<std::string>());
}

}  // namespace lobule
