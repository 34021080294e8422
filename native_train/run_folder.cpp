#include "run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "weights_file.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kLockFile = ".lock";
constexpr int kConfigFormat = 1;
constexpr std::array<std::string_view, 5> kBeforeRun = {kLockFile, run_file::kUnreadable, run_file::kSplit, run_file::kLrFinderTable, run_file::kLrFinderChart};
constexpr std::array<const char*, 3> kFits = {"stretch", "cover", "contain"};  // in the order of Fit
constexpr std::array<const char*, 2> kFilters = {"bilinear", "bicubic"};       // in the order of ResizeFilter

template <std::size_t N>
int index_of(const std::array<const char*, N>& names, const std::string& name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (name == names[i]) return static_cast<int>(i);
  }
  throw std::runtime_error("\"" + name + "\" is not known");
}

Json input_json(const InputSpec& input) {
  return {{"width", input.width},
          {"height", input.height},
          {"fit", kFits.at(static_cast<std::size_t>(input.fit))},
          {"filter", kFilters.at(static_cast<std::size_t>(input.filter))},
          {"mean", input.mean},
          {"stddev", input.stddev}};
}

InputSpec parse_input(const Json& json) {
  InputSpec input;
  input.width = json.at("width").get<int>();
  input.height = json.at("height").get<int>();
  input.fit = static_cast<Fit>(index_of(kFits, json.at("fit").get<std::string>()));
  input.filter = static_cast<ResizeFilter>(index_of(kFilters, json.at("filter").get<std::string>()));
  input.mean = json.at("mean").get<std::array<float, 3>>();
  input.stddev = json.at("stddev").get<std::array<float, 3>>();
  return input;
}

RunConfig parse_config(const std::string& text) {
  const Json json = Json::parse(text);
  if (json.at("format").get<int>() != kConfigFormat) throw std::runtime_error("written by another version of lobule");
  RunConfig config;
  config.name = json.at("name").get<std::string>();
  const Json& network = json.at("network");
  config.network.network = network.at("name").get<std::string>();
  config.network.width = network.at("width").get<int>();
  config.network.height = network.at("height").get<int>();
  config.network.classes = network.at("classes").get<int>();
  config.network.dropout = network.at("dropout").get<double>();
  config.input = parse_input(json.at("input"));
  config.class_names = json.at("class_names").get<std::vector<std::string>>();
  config.positive_class = json.at("positive_class").get<int>();
  config.training_json = json.at("training").dump();
  const int classes = config.network.classes;
  if (classes < 2 || static_cast<int>(config.class_names.size()) != classes || config.positive_class < 0 || config.positive_class >= classes) {
    throw std::runtime_error("its class names and its number of classes disagree");
  }
  return config;
}

[[noreturn]] void throw_errno(const std::filesystem::path& file, const std::string& what) {
  throw std::runtime_error(file.string() + ": " + what + ": " + std::generic_category().message(errno));
}

}  // namespace

std::string to_json(const RunConfig& config) {
  const NetworkOptions& network = config.network;
  const Json json = {
      {"format", kConfigFormat},
      {"name", config.name},
      {"network",
       {{"name", network.network}, {"width", network.width}, {"height", network.height}, {"classes", network.classes}, {"dropout", network.dropout}}},
      {"input", input_json(config.input)},
      {"class_names", config.class_names},
      {"positive_class", config.positive_class},
      {"training", Json::parse(config.training_json)}};
  return json.dump(2) + "\n";
}

RunConfig read_run_config(const std::filesystem::path& run_dir) { return read_run_config_file(run_dir / run_file::kConfig); }

RunConfig read_run_config_file(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  try {
    return parse_config(text);
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": not the configuration of a run: " + error.what());
  }
}

TrainOptions saved_train_options(const RunConfig& config) { return parse_train_options(Json::parse(config.training_json).at("options").dump()); }

std::string to_json(const Calibration& calibration) {
  const Json json = {{"temperature", calibration.temperature},
                     {"ece_before", calibration.ece_before},
                     {"ece_after", calibration.ece_after},
                     {"threshold", calibration.threshold},
                     {"threshold_rule", calibration.threshold_rule}};
  return json.dump(2) + "\n";
}

Calibration read_calibration(const std::filesystem::path& run_dir) {
  const std::filesystem::path file = run_dir / run_file::kCalibration;
  if (!std::filesystem::exists(file)) return {};
  const std::string text = read_file(file);
  try {
    const Json json = Json::parse(text);
    Calibration calibration;
    calibration.temperature = json.at("temperature").get<double>();
    calibration.ece_before = json.at("ece_before").get<double>();
    calibration.ece_after = json.at("ece_after").get<double>();
    if (!(calibration.temperature > 0) || !std::isfinite(calibration.temperature)) {
      throw std::runtime_error("the temperature is not a positive number");
    }
    calibration.threshold = json.value("threshold", calibration.threshold);  // an older lobule wrote none
    calibration.threshold_rule = json.value("threshold_rule", calibration.threshold_rule);
    if (!(calibration.threshold >= 0 && calibration.threshold <= 1)) throw std::runtime_error("the threshold is not a probability");
    return calibration;
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + ": not a calibration: " + error.what());
  }
}

std::optional<ModelScope> read_model_scope(const std::filesystem::path& run_dir) {
  const std::filesystem::path file = run_dir / run_file::kScope;
  if (!std::filesystem::exists(file)) return std::nullopt;
  const std::string text = read_file(file);
  try {
    return parse_model_scope(text);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

void load_result_weights(const std::filesystem::path& run_dir, double tuned_share, Network& network) {
  NamedTensors start;
  if (tuned_share < 1) {
    load_weights(run_dir / run_file::kStartWeights, network);
    for (const auto& [name, tensor] : network_tensors(network)) start[name] = tensor.clone();
  }
  load_weights(run_dir / run_file::kBestWeights, network);
  const torch::NoGradGuard no_gradient;
  const NamedTensors result = network_tensors(network);
  for (const auto& [name, tensor] : start) {
    const torch::Tensor& tuned = result.at(name);
    if (tuned.is_floating_point()) tuned.copy_(tensor.lerp(tuned, tuned_share));
  }
}

RunLock::RunLock(const std::filesystem::path& run_dir) {
  create_folder(run_dir);
  const std::filesystem::path file = run_dir / kLockFile;
  file_descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file_descriptor_ < 0) throw_errno(run_dir, "cannot write to the run folder");
  if (::flock(file_descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int cause = errno;
    ::close(file_descriptor_);
    if (cause == EWOULDBLOCK) throw std::runtime_error(run_dir.string() + ": another lobule train is writing to this run folder");
    errno = cause;
    throw_errno(run_dir, "cannot lock the run folder");
  }
}

RunLock::~RunLock() { ::close(file_descriptor_); }

bool holds_files(const std::filesystem::path& run_dir) {
  namespace fs = std::filesystem;
  if (!std::filesystem::exists(run_dir)) return false;
  for (const auto& entry : std::filesystem::directory_iterator(run_dir)) {
    const std::string name = entry.path().filename().string();
    if (name == "checkpoints" && fs::is_directory(entry) && fs::is_empty(entry)) continue;
    if (std::find(kBeforeRun.begin(), kBeforeRun.end(), name) != kBeforeRun.end()) continue;
    if (name.starts_with(std::string(run_file::kConfig) + ".part") || name.starts_with(std::string(run_file::kSplit) + ".part")) continue;
    return true;
  }
  return false;
}

}  // namespace lobule
