#include "dry_run.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "device.h"
#include "lobule/number_text.h"
#include "progress.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const std::string& heading, const std::string& content) {
  constexpr std::size_t kColumn = 13;
  return heading + std::string(kColumn - heading.size(), ' ') + content + "\n";
}

std::string parameters_text(const Network& network) {
  std::int64_t frozen = 0;
  for (const torch::Tensor& parameter : network.parameters()) frozen += parameter.requires_grad() ? 0 : parameter.numel();
  const std::int64_t all = parameter_count(network);
  return std::to_string(all) + " parameters, " + std::to_string(all - frozen) + " trainable, " + std::to_string(frozen) + " frozen";
}

std::string value_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// "--lr 0.01 (0.001)": those that differ from the network's defaults, which stand in brackets.
std::string options_text(const TrainOptions& options) {
  const Json defaults = Json::parse(to_json(default_options(options.network.network)));
  const Json ours = Json::parse(to_json(options));
  std::string text;
  for (const auto& item : ours.items()) {
    const Json& usual = defaults.at(item.key());
    if (item.value() == usual) continue;
    text += (text.empty() ? "" : ", ") + ("--" + item.key()) + " " + value_text(item.value()) + " (" + value_text(usual) + ")";
  }
  return text.empty() ? "the network's defaults" : text;
}

std::string mebibytes(std::int64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

std::string seconds_text(double seconds) { return seconds < 60 ? fixed(seconds, seconds < 1 ? 4 : seconds < 10 ? 2 : 0) + " s" : duration_text(seconds); }

}  // namespace

DryRunMeasures measure(TrialTraining& training) {
  constexpr std::size_t kMostSteps = 5;
  constexpr double kEnough = 20;          // seconds
  constexpr double kLearningRate = 1e-6;  // its size does not change what a step takes
  training.step(kLearningRate);
  std::vector<double> seconds;
  double sum = 0;
  while (seconds.size() < kMostSteps && sum < kEnough) {
    seconds.push_back(training.step(kLearningRate).seconds);
    sum += seconds.back();
  }
  DryRunMeasures measures;
  measures.steps = static_cast<int>(seconds.size());
  std::nth_element(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2), seconds.end());
  measures.step_seconds = seconds[seconds.size() / 2];
  measures.validation_seconds_per_image = training.validate();
  measures.steps_per_epoch = training.steps_per_epoch();
  measures.memory = resident_memory();
  measures.device = device_memory();
  return measures;
}

std::string dry_run_text(const DryRunFacts& facts, const TrainOptions& options, const TrainingData& data, const Network& network,
                         const DryRunMeasures& measures) {
  std::string text = line("data", facts.data + ": " + std::to_string(data.dataset.samples.size()) + " images");
  const char* heading = "sets";
  for (const SetName set : {SetName::train, SetName::val, SetName::test}) {
    text += line(heading, set_summary(data.dataset, set));
    heading = "";
  }
  text += line("network", options.network.network + ": " + parameters_text(network) + "; " + facts.start);
  text += line("options", options_text(options));
  text += line("steps", std::to_string(measures.steps_per_epoch) + " an epoch, of " + std::to_string(options.batch_size) + " images; " + facts.device + ", " +
                            std::to_string(torch::get_num_threads()) + " threads");
  text += line("memory",
               mebibytes(measures.memory.peak) + " at most, with the images" + (measures.device ? "; of the device " + mebibytes(measures.device->peak) : ""));
  const double epoch = measures.step_seconds * static_cast<double>(measures.steps_per_epoch) +
                       measures.validation_seconds_per_image * static_cast<double>(data.val.labels.size());
  text += line("time", seconds_text(measures.step_seconds) + " a step, " + seconds_text(epoch) + " an epoch, " + seconds_text(epoch * options.epochs) +
                           " for " + std::to_string(options.epochs) + " epochs" + (options.patience > 0 ? ", fewer when the loss no longer falls" : ""));
  return text + line("measured", std::to_string(measures.steps) + " steps" + (data.has_validation() ? " and a batch of the validation set" : "") +
                                     "; nothing is kept but the cache of decoded images");
}

}  // namespace lobule
