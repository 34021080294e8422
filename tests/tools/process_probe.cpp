// process_probe WHAT: one process of several, started as tests/python/test_distributed.py starts them.
//   collectives  prints a JSON line of what each collective gave
//   gradients    prints the gradients of uneven parts of one batch, next to those of the whole batch
//   wait         joins, says "joined", and sits in a barrier that process 0 never enters; process 0 sleeps
//   idle         joins, says "joined", and sleeps without a collective
//   fail         process 1 refuses its data, the others sit in a barrier
#include <torch/torch.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "device.h"
#include "gradient_reducer.h"
#include "process_group.h"
#include "shard.h"

namespace {

using Json = nlohmann::ordered_json;

std::vector<double> values(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.to(torch::kFloat64).contiguous().reshape({-1});
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

Json collectives(lobule::ProcessGroup& processes) {
  const int rank = processes.rank();
  Json json = {{"rank", rank}, {"size", processes.size()}};
  json["sum"] = values(processes.sum(torch::tensor({0.1 * (rank + 1), 1e300}, torch::kFloat64)));
  json["rows"] = values(processes.gather_rows(torch::full({rank, 2}, rank, torch::kFloat32)));
  json["no_rows"] = processes.gather_rows(torch::empty({0, 2})).size(0);
  const torch::Tensor strided = torch::full({2, 3}, rank + 7, torch::kFloat32).t();
  processes.broadcast({strided});
  json["broadcast"] = values(strided);
  json["any"] = {processes.any(rank == 1), processes.any(false)};
  processes.require_equal("options", "the same");
  try {
    processes.require_equal("options", rank == 1 ? "others" : "the same");
  } catch (const std::runtime_error& error) {
    json["difference"] = error.what();
  }
  return json;
}

/// Three steps: the batch shared out, in two pieces, and a batch so small that the last process has none of it.
Json gradients(lobule::ProcessGroup& processes) {
  torch::manual_seed(1);
  torch::nn::Sequential network(torch::nn::Linear(5, 8), torch::nn::Tanh(), torch::nn::Linear(8, 2), torch::nn::Linear(2, 2));
  network->to(torch::kFloat64);
  for (torch::Tensor& frozen : network->ptr(0)->parameters()) frozen.requires_grad_(false);
  lobule::GradientReducer reducer(*network, processes);
  double largest = 0;
  for (const std::int64_t images : {7, 7, 1}) {
    const torch::Tensor batch = torch::randn({images, 5}, torch::kFloat64);
    const auto loss = [&](const torch::Tensor& part) { return network->forward(part).pow(2).sum() / static_cast<double>(images); };
    std::vector<torch::Tensor> trained;
    for (const torch::Tensor& parameter : network->parameters()) {
      if (parameter.requires_grad()) trained.push_back(parameter);
    }
    const std::vector<torch::Tensor> expected = torch::autograd::grad({loss(batch)}, trained);
    for (torch::Tensor& parameter : trained) parameter.mutable_grad() = torch::Tensor();
    const lobule::Slice slice = lobule::shard(static_cast<std::size_t>(images), processes.rank(), processes.size());
    const auto begin = static_cast<std::int64_t>(slice.begin);
    const auto end = static_cast<std::int64_t>(slice.end);
    if (begin == end) {
      reducer.backward_without_images();
    } else {
      if (end - begin > 1) reducer.backward(processes.size() * loss(batch.slice(0, begin, begin + 1)), false);
      reducer.backward(processes.size() * loss(batch.slice(0, end - begin > 1 ? begin + 1 : begin, end)), true);
    }
    for (std::size_t i = 0; i < trained.size(); ++i) largest = std::max(largest, (trained[i].grad() - expected[i]).abs().max().item<double>());
  }
  return {{"rank", processes.rank()}, {"largest_difference", largest}};
}

void sit(lobule::ProcessGroup& processes, const std::string& what) {
  processes.any(false);  // waits for all
  std::cout << "joined" << std::endl;
  if (what == "fail" && processes.rank() == 1) throw std::runtime_error("image_7.png: PNG is truncated");
  if (what == "idle" || (what == "wait" && processes.rank() == 0)) std::this_thread::sleep_for(std::chrono::minutes(5));
  processes.any(false);  // waits for all
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string what = argc == 2 ? argv[1] : "";
    lobule::ProcessGroup processes(lobule::read_process_environment(), lobule::host_device());
    if (what == "collectives") {
      std::cout << collectives(processes).dump() + "\n" << std::flush;
    } else if (what == "gradients") {
      std::cout << gradients(processes).dump() + "\n" << std::flush;
    } else {
      sit(processes, what);
    }
    return 0;
  } catch (const std::runtime_error& error) {
    std::cerr << std::string("process_probe: ") + error.what() + "\n";
    return 1;
  }
}
