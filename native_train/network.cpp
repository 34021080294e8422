#include "network.h"

#include <stdexcept>

#include "seed_cnn.h"

namespace lobule {

std::shared_ptr<Network> make_network(const NetworkOptions& options) {
  if (options.network == "seed_cnn") return std::make_shared<SeedCnn>(options);
  throw std::runtime_error("unknown network '" + options.network + "'; known: seed_cnn");
}

std::int64_t parameter_count(const Network& network) {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

}  // namespace lobule
