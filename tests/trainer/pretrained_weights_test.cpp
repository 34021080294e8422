#include "pretrained_weights.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "atomic_file.h"
#include "checkpoint.h"
#include "lobule/sha256.h"
#include "safetensors.h"
#include "temporary_folder.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

NetworkOptions options_of(int classes, int width = 48) {
  NetworkOptions options;
  options.width = width;
  options.height = 32;
  options.classes = classes;
  return options;
}

std::shared_ptr<Network> make_seed_cnn(const NetworkOptions& options, std::uint64_t seed) {
  torch::manual_seed(seed);
  return make_network(options);
}

}  // namespace

TEST_CASE("Weights from a file are the file's") {
  const TemporaryFolder folder;
  const auto saved = make_seed_cnn(options_of(2), 1);
  save_weights(folder.path() / "weights.safetensors", *saved, {});
  const auto network = make_seed_cnn(options_of(2), 2);
  REQUIRE(weights_sha256(*network) != weights_sha256(*saved));
  load_pretrained_weights(folder.path() / "weights.safetensors", options_of(2), *network);
  CHECK(weights_sha256(*network) == weights_sha256(*saved));
}

TEST_CASE("A classifier for other classes stays as drawn, and that is said") {
  const TemporaryFolder folder;
  const auto saved = make_seed_cnn(options_of(3), 1);
  save_weights(folder.path() / "weights.safetensors", *saved, {});
  const auto network = make_seed_cnn(options_of(2), 2);
  const torch::Tensor drawn = network->named_parameters()["fc2.weight"].detach().clone();
  const std::string said = load_pretrained_weights(folder.path() / "weights.safetensors", options_of(2), *network);
  CHECK_THAT(said, Contains("drawn anew for 2 classes: fc2.bias, fc2.weight"));
  CHECK(torch::equal(network->named_parameters()["fc2.weight"], drawn));
  CHECK(torch::equal(network->named_parameters()["conv1.weight"], saved->named_parameters()["conv1.weight"]));
}

TEST_CASE("Weights of another network are refused by file and tensor, and nothing is changed") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "weights.safetensors").string();
  save_weights(file, *make_seed_cnn(options_of(2, 96), 1), {});
  const auto network = make_seed_cnn(options_of(2), 2);
  const std::string before = weights_sha256(*network);
  CHECK_THROWS_WITH(load_pretrained_weights(file, options_of(2), *network), Contains(file) && Contains("tensor fc1.weight is [64, 1152] of Float"));
  CHECK(weights_sha256(*network) == before);
}

TEST_CASE("Weights that lack a tensor, or have one too many, are refused by its name") {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "weights.safetensors").string();
  const auto network = make_seed_cnn(options_of(2), 1);
  SafeTensors contents;
  for (const auto& item : network->named_parameters()) contents.tensors.emplace(item.key(), item.value().detach());
  const torch::Tensor bias = contents.tensors.at("conv2.bias");
  contents.tensors.erase("conv2.bias");
  write_file_atomically(file, serialize_safetensors(contents));
  CHECK_THROWS_WITH(load_pretrained_weights(file, options_of(2), *network), Contains(file) && Contains("tensor conv2.bias is missing"));
  contents.tensors.emplace("conv2.bias", bias);
  contents.tensors.emplace("conv5.bias", bias);
  write_file_atomically(file, serialize_safetensors(contents));
  CHECK_THROWS_WITH(load_pretrained_weights(file, options_of(2), *network), Contains(file) && Contains("tensor conv5.bias is unknown"));
}

TEST_CASE("What a choice of weights contributes is a name or a file's digest, never a path") {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / "weights.safetensors", "abc");
  CHECK(weights_identity("imagenet") == "imagenet");
  CHECK(weights_identity("none") == "none");
  CHECK(weights_identity(folder.path() / "weights.safetensors") == "sha256:" + sha256_hex("abc"));
  CHECK_THROWS_WITH(weights_identity(folder.path() / "missing"), Contains("missing: cannot read"));
}

TEST_CASE("There are no ImageNet weights for seed_cnn") {
  const auto network = make_seed_cnn(options_of(2), 1);
  CHECK_THROWS_WITH(load_pretrained_weights("imagenet", options_of(2), *network), Contains("no ImageNet weights for seed_cnn"));
}
