// network_bench NETWORK WIDTHxHEIGHT BATCH THREADS: for each line on stdin, one forward and backward pass over a batch in memory, in training, and a line with
// its seconds and the processor's seconds. tests/bench/network_table.py takes turns with the published PyTorch port.
#include <torch/torch.h>

#include <chrono>
#include <ctime>
#include <iostream>
#include <numeric>
#include <string>

#include "host_memory.h"
#include "train_options.h"

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  lobule::keep_freed_memory();
  lobule::NetworkOptions options;
  options.network = argv[1];
  lobule::set_input_size(argv[2], options);
  const std::int64_t batch = std::stoi(argv[3]);
  torch::set_num_threads(std::stoi(argv[4]));
  torch::manual_seed(1);

  const auto network = lobule::make_network(options);
  for (torch::Tensor& parameter : network->parameters()) {
    if (parameter.dim() == 4) parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  }
  network->train();
  std::vector<std::uint64_t> seeds(static_cast<std::size_t>(batch));
  std::iota(seeds.begin(), seeds.end(), 0);
  network->seed_samples(seeds);
  const torch::Tensor images = torch::randn({batch, 3, options.height, options.width}).contiguous(torch::MemoryFormat::ChannelsLast);
  const torch::Tensor labels = torch::arange(batch) % options.classes;

  for (std::string line; std::getline(std::cin, line);) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t processor_start = std::clock();
    for (torch::Tensor& parameter : network->parameters()) parameter.mutable_grad().reset();
    torch::nn::functional::cross_entropy(network->forward(images), labels).backward();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::cout << seconds.count() << " " << static_cast<double>(std::clock() - processor_start) / CLOCKS_PER_SEC << std::endl;
  }
}
