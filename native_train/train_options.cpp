#include "train_options.h"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "efficientnet_lite_scaling.h"
#include "lobule/number_text.h"
#include "pretrained_weights.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

template <typename Word>
const std::string& name_of(Word word, const std::vector<std::string>& names) {
  return names.at(static_cast<std::size_t>(word));
}

template <typename Word>
void read_word(const Json& json, const std::vector<std::string>& names, Word& word) {
  const auto text = json.get<std::string>();
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) throw std::runtime_error("\"" + text + "\" is not known");
  word = static_cast<Word>(found - names.begin());
}

/// NaN fails, too.
void check(bool holds, const std::string& rule) {
  if (!holds) throw std::runtime_error(rule);
}

void check_bounds(const TrainOptions& o) {
  check(o.weights == "imagenet" || o.weights == "none" || is_weights_digest(o.weights), "weights must be imagenet, none or the digest of a file");
  check(o.epochs >= 1, "epochs must be at least 1");
  check(o.batch_size >= 1, "batch-size must be at least 1");
  check(o.accumulate >= 1 && o.accumulate <= o.batch_size, "accumulate must be between 1 and batch-size");
  check(o.learning_rate > 0, "lr must be above 0");
  check(o.weight_decay >= 0, "weight-decay must not be negative");
  check(o.warmup_epochs >= 0, "warmup must not be negative");
  check(o.layer_decay > 0 && o.layer_decay <= 1, "layer-decay must be above 0, and 1 at most");
  check(o.freeze_stages >= 0, "freeze must not be negative");
  check(o.label_smoothing >= 0 && o.label_smoothing < 1, "label-smoothing must be in [0, 1)");
  check(o.weight_average >= 0 && o.weight_average < 1, "weight-average must be in [0, 1)");
  check(o.clip_norm >= 0, "clip must not be negative");
  check(o.patience >= 0, "patience must not be negative");
}

}  // namespace

TrainOptions default_options(const std::string& network) {
  TrainOptions options;
  options.network.network = network;
  if (!is_efficientnet_lite(network)) return options;
  options.network.width = 336;
  options.network.height = 224;
  options.network.dropout = 0.2;
  options.weights = "imagenet";
  options.optimizer = OptimizerKind::adamw;
  options.learning_rate = 5e-4;
  options.weight_decay = 0.05;
  options.schedule = Schedule::cosine;
  options.warmup_epochs = 1;
  options.label_smoothing = 0.05;
  return options;
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
                     {"weights", options.weights},
                     {"input-size", std::to_string(options.network.width) + "x" + std::to_string(options.network.height)},
                     {"dropout", options.network.dropout},
                     {"epochs", options.epochs},
                     {"batch-size", options.batch_size},
                     {"accumulate", options.accumulate},
                     {"optimizer", name_of(options.optimizer, kOptimizerNames)},
                     {"lr", options.learning_rate},
                     {"weight-decay", options.weight_decay},
                     {"schedule", name_of(options.schedule, kScheduleNames)},
                     {"warmup", options.warmup_epochs},
                     {"layer-decay", options.layer_decay},
                     {"freeze", options.freeze_stages},
                     {"label-smoothing", options.label_smoothing},
                     {"weight-average", options.weight_average},
                     {"clip", options.clip_norm},
                     {"precision", name_of(options.precision, kPrecisionNames)},
                     {"class-weights", name_of(options.class_weights, kClassWeightsNames)},
                     {"no-augmentation", !options.augment},
                     {"no-flips", !options.augmentation.flips},
                     {"rotation", options.augmentation.rotation_degrees},
                     {"zoom", options.augmentation.zoom},
                     {"patience", options.patience},
                     {"seed", options.seed}};
  return json.dump();
}

TrainOptions parse_train_options(const std::string& text) {
  using Reader = std::function<void(const Json&, TrainOptions&)>;
  static const std::map<std::string, Reader> readers = {
      {"network", [](const Json&, TrainOptions&) {}},  // decided the defaults
      {"weights", [](const Json& json, TrainOptions& options) { json.get_to(options.weights); }},
      {"input-size", [](const Json& json, TrainOptions& options) { set_input_size(json.get<std::string>(), options.network); }},
      {"dropout", [](const Json& json, TrainOptions& options) { json.get_to(options.network.dropout); }},
      {"epochs", [](const Json& json, TrainOptions& options) { json.get_to(options.epochs); }},
      {"batch-size", [](const Json& json, TrainOptions& options) { json.get_to(options.batch_size); }},
      {"accumulate", [](const Json& json, TrainOptions& options) { json.get_to(options.accumulate); }},
      {"optimizer", [](const Json& json, TrainOptions& options) { read_word(json, kOptimizerNames, options.optimizer); }},
      {"lr", [](const Json& json, TrainOptions& options) { json.get_to(options.learning_rate); }},
      {"weight-decay", [](const Json& json, TrainOptions& options) { json.get_to(options.weight_decay); }},
      {"schedule", [](const Json& json, TrainOptions& options) { read_word(json, kScheduleNames, options.schedule); }},
      {"warmup", [](const Json& json, TrainOptions& options) { json.get_to(options.warmup_epochs); }},
      {"layer-decay", [](const Json& json, TrainOptions& options) { json.get_to(options.layer_decay); }},
      {"freeze", [](const Json& json, TrainOptions& options) { json.get_to(options.freeze_stages); }},
      {"label-smoothing", [](const Json& json, TrainOptions& options) { json.get_to(options.label_smoothing); }},
      {"weight-average", [](const Json& json, TrainOptions& options) { json.get_to(options.weight_average); }},
      {"clip", [](const Json& json, TrainOptions& options) { json.get_to(options.clip_norm); }},
      {"precision", [](const Json& json, TrainOptions& options) { read_word(json, kPrecisionNames, options.precision); }},
      {"class-weights", [](const Json& json, TrainOptions& options) { read_word(json, kClassWeightsNames, options.class_weights); }},
      {"no-augmentation", [](const Json& json, TrainOptions& options) { options.augment = !json.get<bool>(); }},
      {"no-flips", [](const Json& json, TrainOptions& options) { options.augmentation.flips = !json.get<bool>(); }},
      {"rotation", [](const Json& json, TrainOptions& options) { json.get_to(options.augmentation.rotation_degrees); }},
      {"zoom", [](const Json& json, TrainOptions& options) { json.get_to(options.augmentation.zoom); }},
      {"patience", [](const Json& json, TrainOptions& options) { json.get_to(options.patience); }},
      {"seed", [](const Json& json, TrainOptions& options) { json.get_to(options.seed); }}};
  try {
    const Json json = Json::parse(text);
    TrainOptions options = default_options(json.value("network", NetworkOptions{}.network));
    for (const auto& item : json.items()) {
      const auto reader = readers.find(item.key());
      if (reader == readers.end()) throw std::runtime_error("\"" + item.key() + "\" is no option");
      reader->second(item.value(), options);
    }
    check_bounds(options);
    return options;
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string("training options: ") + error.what());
  }
}

}  // namespace lobule
