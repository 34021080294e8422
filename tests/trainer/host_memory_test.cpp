#include "host_memory.h"

#include <torch/torch.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <thread>
#include <vector>

using namespace lobule;

namespace {

constexpr std::int64_t kLarge = std::int64_t{4} << 20;  // floats

}  // namespace

TEST_CASE("Freed memory of a large tensor is the next one's") {
  keep_freed_memory();
  const void* first = torch::empty({kLarge}).data_ptr();
  torch::Tensor second = torch::empty({kLarge});
  CHECK(second.data_ptr() == first);
  CHECK(reinterpret_cast<std::uintptr_t>(second.data_ptr()) % 64 == 0);
  CHECK(second.fill_(2).sum().item<float>() == 2.0F * kLarge);
}

TEST_CASE("Tensors from before memory is kept are freed as they were made") {
  torch::Tensor before = torch::ones({kLarge});
  torch::Tensor small = torch::ones({4});
  keep_freed_memory();
  CHECK(before.sum().item<float>() == static_cast<float>(kLarge));
  before.reset();
  small.reset();
  CHECK(torch::ones({4}).sum().item<float>() == 4);
}

TEST_CASE("Threads share the memory that is kept") {
  keep_freed_memory();
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i, &wrong] {
      for (int round = 0; round < 50; ++round) {
        torch::Tensor tensor = torch::empty({(std::int64_t{1} << 18) + 1000 * round});
        auto* values = tensor.mutable_data_ptr<float>();
        for (std::int64_t j = 0; j < tensor.numel(); j += 1000) values[j] = static_cast<float>(i);
        for (std::int64_t j = 0; j < tensor.numel(); j += 1000) wrong[static_cast<std::size_t>(i)] += values[j] != static_cast<float>(i);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(4, 0));
}
