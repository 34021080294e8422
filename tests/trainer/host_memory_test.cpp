#include "host_memory.h"

#include <sys/resource.h>
#include <torch/torch.h>

#include <catch2/catch.hpp>

using namespace lobule;

#ifndef __SANITIZE_ADDRESS__  // a sanitizer's allocator keeps memory by rules of its own

namespace {

/// Pages that the system had to bring while a tensor of 64 MiB was made and filled.
long pages_of_a_large_tensor() {
  struct rusage before {};
  struct rusage after {};
  getrusage(RUSAGE_SELF, &before);
  torch::empty({std::int64_t{16} << 20}).fill_(1);
  getrusage(RUSAGE_SELF, &after);
  return after.ru_minflt - before.ru_minflt;
}

}  // namespace

TEST_CASE("A large tensor takes the memory of one that was freed") {
  torch::set_num_threads(1);
  keep_freed_memory();
  const long first = pages_of_a_large_tensor();
  REQUIRE(first > 0);
  CHECK(pages_of_a_large_tensor() * 8 < first);
}

#endif
