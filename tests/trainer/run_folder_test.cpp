#include "run_folder.h"

#include <catch2/catch.hpp>
#include <stdexcept>

#include "checkpoint.h"
#include "temporary_folder.h"
#include "tiny_training.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

RunConfig some_config() {
  RunConfig config;
  config.name = "a name, \"quoted\"";
  config.network.width = 64;
  config.network.dropout = 0.25;
  config.input = tiny_input();
  config.input.fit = Fit::contain;
  config.input.filter = ResizeFilter::bicubic;
  config.input.mean = {0.1F, 0.2F, 0.3F};
  config.class_names = {"benign", "malignant"};
  config.training_json = R"({"options":{"lr":0.001}})";
  return config;
}

}  // namespace

TEST_CASE("A run's configuration comes back as it was written") {
  const TemporaryFolder folder;
  write_file_atomically(folder.path() / run_file::kConfig, to_json(some_config()));
  const RunConfig read = read_run_config(folder.path());
  CHECK(to_json(read) == to_json(some_config()));
  CHECK(read.input.mean[0] == 0.1F);
  CHECK(read.input.fit == Fit::contain);
}

TEST_CASE("A configuration that contradicts itself or is none is refused with its file's name") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_run_config(folder.path()), Contains("config.json"));
  for (const std::string text : {"", "{}", "[1,2]", R"({"format":99})"}) {
    write_file_atomically(folder.path() / run_file::kConfig, text);
    CHECK_THROWS_WITH(read_run_config(folder.path()), Contains("config.json: not the configuration"));
  }
  RunConfig config = some_config();
  config.class_names.pop_back();
  write_file_atomically(folder.path() / run_file::kConfig, to_json(config));
  CHECK_THROWS_WITH(read_run_config(folder.path()), Contains("number of classes"));
}

TEST_CASE("A run folder without a calibration has temperature 1, and a calibration comes back as it was written") {
  const TemporaryFolder folder;
  CHECK(read_calibration(folder.path()).temperature == 1);
  Calibration calibration;
  calibration.temperature = 1.75;
  calibration.ece_before = 0.125;
  write_file_atomically(folder.path() / run_file::kCalibration, to_json(calibration));
  CHECK(read_calibration(folder.path()).temperature == 1.75);
  CHECK(read_calibration(folder.path()).ece_before == 0.125);
  calibration.temperature = 0;
  write_file_atomically(folder.path() / run_file::kCalibration, to_json(calibration));
  CHECK_THROWS_WITH(read_calibration(folder.path()), Contains("calibration.json") && Contains("positive"));
}

TEST_CASE("A run folder can be held once at a time") {
  const TemporaryFolder folder;
  {
    const RunLock first(folder.path());
    CHECK_THROWS_WITH(RunLock(folder.path()), Contains("another lobule train"));
  }
  CHECK_NOTHROW(RunLock(folder.path()));
}

TEST_CASE("The lock alone does not make a run folder full") {
  const TemporaryFolder folder;
  CHECK_FALSE(holds_files(folder.path() / "missing"));
  { const RunLock lock(folder.path()); }
  CHECK_FALSE(holds_files(folder.path()));
  write_file_atomically(folder.path() / "x", "x");
  CHECK(holds_files(folder.path()));
}

TEST_CASE("Weights of another network are refused with the tensor's name") {
  const TemporaryFolder folder;
  create_folder(folder.path() / "checkpoints");
  const auto network = make_tiny_network();
  save_weights(folder.path() / run_file::kBestWeights, *network, {});
  const auto other = make_tiny_network(2);
  REQUIRE(weights_sha256(*other) != weights_sha256(*network));
  load_result_weights(folder.path(), 1, *other);
  CHECK(weights_sha256(*other) == weights_sha256(*network));

  class LargerNetwork : public TinyNetwork {
   public:
    LargerNetwork() { register_module("extra", torch::nn::Linear(2, 2)); }
  } larger;
  CHECK_THROWS_WITH(load_result_weights(folder.path(), 1, larger), Contains("best.safetensors") && Contains("extra.") && Contains("missing"));
  save_weights(folder.path() / run_file::kBestWeights, larger, {});
  CHECK_THROWS_WITH(load_result_weights(folder.path(), 1, *network), Contains("extra.") && Contains("unknown"));
}

TEST_CASE("A result is the tuned weights' share and for the rest the start") {
  const TemporaryFolder folder;
  create_folder(folder.path() / "checkpoints");
  const auto start = make_tiny_network(1);
  const auto tuned = make_tiny_network(2);
  save_weights(folder.path() / run_file::kBestWeights, *tuned, {});
  const auto result = make_tiny_network(3);
  CHECK_THROWS_WITH(load_result_weights(folder.path(), 0.25, *result), Contains("start.safetensors"));
  save_weights(folder.path() / run_file::kStartWeights, *start, {});
  load_result_weights(folder.path(), 0.25, *result);
  const NamedTensors of_start = network_tensors(*start);
  const NamedTensors of_tuned = network_tensors(*tuned);
  for (const auto& [name, tensor] : network_tensors(*result)) {
    if (tensor.is_floating_point()) CHECK(torch::allclose(tensor, 0.75 * of_start.at(name) + 0.25 * of_tuned.at(name)));
  }
  load_result_weights(folder.path(), 0, *result);
  CHECK(weights_sha256(*result) == weights_sha256(*start));
}

TEST_CASE("A weights file cut short is refused and leaves the network as it was") {
  const TemporaryFolder folder;
  create_folder(folder.path() / "checkpoints");
  const auto network = make_tiny_network();
  const std::filesystem::path file = folder.path() / run_file::kBestWeights;
  save_weights(file, *network, {});
  const std::string bytes = read_file(file);
  write_file_atomically(file, bytes.substr(0, bytes.size() - 1));
  const auto other = make_tiny_network(2);
  const std::string before = weights_sha256(*other);
  CHECK_THROWS_WITH(load_result_weights(folder.path(), 1, *other), Contains("best.safetensors"));
  CHECK(weights_sha256(*other) == before);
}
