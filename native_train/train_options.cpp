#include "train_options.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "lobule/number_text.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNone = "none";
constexpr const char* kBalanced = "balanced";

}  // namespace

ClassWeights parse_class_weights(const std::string& text) {
  if (text == kNone) return ClassWeights::none;
  if (text == kBalanced) return ClassWeights::balanced;
  throw std::runtime_error("class weights \"" + text + "\" are neither none nor balanced");
}

void set_input_size(const std::string& text, NetworkOptions& network) {
  const std::size_t cross = text.find('x');
  const std::optional<int> width = parse_int(std::string_view(text).substr(0, cross));
  const std::optional<int> height = cross == std::string::npos ? std::nullopt : parse_int(std::string_view(text).substr(cross + 1));
  if (!width || !height || *width < kMinInputSide || *height < kMinInputSide || *width > kMaxInputSide || *height > kMaxInputSide) {
    throw std::runtime_error("input size \"" + text + "\" is not WIDTHxHEIGHT of " + std::to_string(kMinInputSide) + " to " + std::to_string(kMaxInputSide) +
                             " pixels a side");
  }
  network.width = *width;
  network.height = *height;
}

std::string to_json(const TrainOptions& options) {
  const Json json = {{"network", options.network.network},
                     {"input-size", std::to_string(options.network.width) + "x" + std::to_string(options.network.height)},
                     {"dropout", options.network.dropout},
                     {"epochs", options.epochs},
                     {"batch-size", options.batch_size},
                     {"lr", options.learning_rate},
                     {"weight-decay", options.weight_decay},
                     {"class-weights", options.class_weights == ClassWeights::balanced ? kBalanced : kNone},
                     {"no-augmentation", !options.augment},
                     {"no-flips", !options.augmentation.flips},
                     {"rotation", options.augmentation.rotation_degrees},
                     {"zoom", options.augmentation.zoom},
                     {"patience", options.patience},
                     {"seed", options.seed}};
  return json.dump();
}

TrainOptions parse_train_options(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    TrainOptions options;
    options.network.network = json.at("network").get<std::string>();
    set_input_size(json.at("input-size").get<std::string>(), options.network);
    options.network.dropout = json.at("dropout").get<double>();
    options.epochs = json.at("epochs").get<int>();
    options.batch_size = json.at("batch-size").get<int>();
    options.learning_rate = json.at("lr").get<double>();
    options.weight_decay = json.at("weight-decay").get<double>();
    options.class_weights = parse_class_weights(json.at("class-weights").get<std::string>());
    options.augment = !json.at("no-augmentation").get<bool>();
    options.augmentation.flips = !json.at("no-flips").get<bool>();
    options.augmentation.rotation_degrees = json.at("rotation").get<double>();
    options.augmentation.zoom = json.at("zoom").get<double>();
    options.patience = json.at("patience").get<int>();
    options.seed = json.at("seed").get<std::uint64_t>();
    return options;
  } catch (const Json::exception& error) {
    throw std::runtime_error(std::string("training options: ") + error.what());
  }
}

}  // namespace lobule
