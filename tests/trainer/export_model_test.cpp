#include "export_model.h"

#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>

#include "checkpoint.h"
#include "device.h"
#include "golden_search.h"
#include "lobule/history.h"
#include "onnx_test_graph.h"
#include "run_folder.h"
#include "temporary_folder.h"

using namespace lobule;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

RunConfig small_config() {
  RunConfig config;
  config.network.width = 48;
  config.network.height = 32;
  config.input.width = 48;
  config.input.height = 32;
  config.class_names = {"benign", "malignant"};
  config.training_json = R"({"options":{"epochs":2}})";
  return config;
}

/// A run folder with a new network's weights, changed by `change` before they are saved.
void make_run(
    const TemporaryFolder& folder, const std::function<void(Network&)>& change = [](Network&) {}) {
  const RunConfig config = small_config();
  torch::manual_seed(4);
  const std::shared_ptr<Network> network = make_network(config.network);
  {
    const torch::NoGradGuard no_gradient;
    change(*network);
  }
  folder.write(run_file::kConfig, to_json(config));
  fs::create_directories(folder.path() / "checkpoints");
  save_weights(folder.path() / run_file::kBestWeights, *network, {});
  EpochRecord epoch;
  epoch.epoch = 1;
  epoch.train.loss = 0.5;
  folder.write(run_file::kHistory, to_json_line(epoch) + "\n");
}

ModelFile open_model(const fs::path& file) {
  const std::string bytes = read_file(file);
  return read_model_file(std::as_bytes(std::span(bytes)));
}

}  // namespace

TEST_CASE("An exported file holds the run's description, history and golden vectors") {
  const TemporaryFolder folder;
  make_run(folder);
  folder.write(run_file::kCalibration, to_json(Calibration{1.5, 0.2, 0.1}));
  const ExportResult result = export_model(folder.path(), {.out = {}, .name = "two words"});
  CHECK(result.file == folder.path() / "model.onnx");
  CHECK(result.bytes == fs::file_size(result.file));
  CHECK(result.distance <= 1e-5);
  const ModelPackage package = open_model(result.file).package;
  CHECK(package.digest == result.digest);
  CHECK(package.spec.name == "two words");
  CHECK(package.spec.network == "seed_cnn");
  CHECK(package.spec.input.width == 48);
  CHECK(package.spec.temperature == 1.5);
  CHECK(package.provenance_json == R"({"options":{"epochs":2}})");
  CHECK(package.evaluation_json == "{}");
  REQUIRE(package.history.size() == 1);
  CHECK(package.history[0].train.loss == 0.5);
  CHECK(package.training_patients.empty());
}

TEST_CASE("Golden vectors are the file's own answers and lie far apart") {
  const TemporaryFolder folder;
  make_run(folder);
  const ExportResult result = export_model(folder.path());
  const ModelFile file = open_model(result.file);
  const GoldenVectors& golden = file.package.golden;
  REQUIRE(golden.vectors.size() == 3);
  CHECK(golden.tolerance == 1e-4);
  const OnnxInterpreter interpreter(file.onnx, choose_device("cpu"));
  std::vector<double> margins;
  for (const GoldenVector& vector : golden.vectors) {
    const torch::Tensor logits = interpreter.run(golden_inputs({vector.seed}, file.package.spec.input)).at("logits");
    // Alone or in a batch of eight: sums may be ordered in another way.
    CHECK(farthest(logits[0], torch::tensor(vector.logits)) < 1e-5);
    margins.push_back(vector.logits[1] - vector.logits[0]);
  }
  CHECK(margins[1] - margins[0] >= 0.01);
  CHECK(margins[2] - margins[1] >= 0.01);
}

TEST_CASE("Two exports of a run give the same bytes") {
  const TemporaryFolder folder;
  make_run(folder);
  export_model(folder.path(), {.out = folder.path() / "a.onnx"});
  export_model(folder.path(), {.out = folder.path() / "b.onnx"});
  CHECK(read_file(folder.path() / "a.onnx") == read_file(folder.path() / "b.onnx"));
}

TEST_CASE("A file with float16 weights is half as large and says how far it is from the checkpoint") {
  const TemporaryFolder folder;
  make_run(folder);
  const ExportResult whole = export_model(folder.path(), {.out = folder.path() / "whole.onnx"});
  const ExportResult half = export_model(folder.path(), {.out = folder.path() / "half.onnx", .half_weights = true});
  CHECK(half.bytes < 0.6 * static_cast<double>(whole.bytes));  // metadata takes the same in both
  CHECK(half.distance > whole.distance);
  CHECK(half.distance < half.limit);
}

TEST_CASE("Patients of training and validation are named only when asked for") {
  const TemporaryFolder folder;
  make_run(folder);
  folder.write(run_file::kSplit,
               "path,label,patient,split\na.png,benign,p2,train\nb.png,benign,p2,train\nc.png,benign,p1,val\nd.png,benign,p3,test\n"
               "e.png,benign,image:e.png,train\n");
  CHECK(open_model(export_model(folder.path()).file).package.training_patients.empty());
  const ExportResult result = export_model(folder.path(), {.with_patients = true});
  CHECK(open_model(result.file).package.training_patients == std::vector<std::string>{"p1", "p2"});
}

TEST_CASE("A network that is broken or answers everything alike is not exported") {
  const TemporaryFolder folder;
  make_run(folder, [](Network& network) { network.named_parameters()["fc2.bias"].fill_(std::numeric_limits<float>::quiet_NaN()); });
  CHECK_THROWS_WITH(export_model(folder.path()), Contains("best.safetensors") && Contains("not finite numbers"));
  const TemporaryFolder dead;
  make_run(dead, [](Network& network) { network.named_parameters()["fc2.weight"].zero_(); });
  CHECK_THROWS_WITH(export_model(dead.path()), Contains("answers all of 64 different golden images alike"));
  CHECK_FALSE(fs::exists(dead.path() / "model.onnx"));
}

TEST_CASE("What is missing in a run folder is named") {
  const TemporaryFolder empty;
  CHECK_THROWS_WITH(export_model(empty.path()), Contains("config.json"));
  const TemporaryFolder folder;
  make_run(folder);
  folder.write("evaluation.json", "[]");
  CHECK_THROWS_WITH(export_model(folder.path()), Contains("evaluation.json: not an evaluation"));
  fs::remove(folder.path() / "evaluation.json");
  CHECK_THROWS_WITH(export_model(folder.path(), {.out = folder.path() / "missing" / "model.onnx"}), Contains("missing") && Contains("No such file"));
  fs::remove(folder.path() / run_file::kBestWeights);
  CHECK_THROWS_WITH(export_model(folder.path()), Contains("best.safetensors"));
}
