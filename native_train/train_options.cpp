#include "train_options.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <type_traits>

#include "efficientnet_lite_scaling.h"
#include "lobule/number_text.h"
#include "pretrained_weights.h"

namespace lobule {
namespace {

using Json = nlohmann::ordered_json;

/// How one option stands in JSON.
struct Field {
  std::string name;
  std::function<Json(const TrainOptions&)> write;
  std::function<void(const Json&, TrainOptions&)> read;
};

/// get: where the option is in the TrainOptions that it is given.
template <typename Get>
Field value_field(const std::string& name, Get get) {
  return {name, [get](const TrainOptions& options) { return Json(*get(&options)); },
          [get](const Json& json, TrainOptions& options) { json.get_to(*get(&options)); }};
}

/// Of a switch that is true where the option that turns it off is false.
template <typename Get>
Field off_field(const std::string& name, Get get) {
  return {name, [get](const TrainOptions& options) { return Json(!*get(&options)); },
          [get](const Json& json, TrainOptions& options) { *get(&options) = !json.get<bool>(); }};
}

/// Of an enum, by the names of its values in their order.
template <typename Get>
Field word_field(const std::string& name, const std::vector<std::string>& names, Get get) {
  return {name, [get, &names](const TrainOptions& options) { return Json(names.at(static_cast<std::size_t>(*get(&options)))); },
          [get, &names](const Json& json, TrainOptions& options) {
            const auto text = json.get<std::string>();
            const auto found = std::find(names.begin(), names.end(), text);
            if (found == names.end()) throw std::runtime_error("\"" + text + "\" is not known");
            auto& word = *get(&options);
            word = static_cast<std::decay_t<decltype(word)>>(found - names.begin());
          }};
}

/// In the order in which they are written.
const std::vector<Field>& fields() {
  static const std::vector<Field> all = {
      {"network", [](const TrainOptions& o) { return Json(o.network.network); }, [](const Json&, TrainOptions&) {}},  // decided the defaults
      value_field("weights", [](auto* o) { return &o->weights; }),
      {"input-size", [](const TrainOptions& o) { return Json(std::to_string(o.network.width) + "x" + std::to_string(o.network.height)); },
       [](const Json& json, TrainOptions& o) { set_input_size(json.get<std::string>(), o.network); }},
      word_field("normalisation", kNormalisationNames, [](auto* o) { return &o->normalisation; }),
      value_field("dropout", [](auto* o) { return &o->network.dropout; }),
      value_field("epochs", [](auto* o) { return &o->epochs; }),
      value_field("batch-size", [](auto* o) { return &o->batch_size; }),
      value_field("accumulate", [](auto* o) { return &o->accumulate; }),
      word_field("optimizer", kOptimizerNames, [](auto* o) { return &o->optimizer; }),
      value_field("lr", [](auto* o) { return &o->learning_rate; }),
      value_field("weight-decay", [](auto* o) { return &o->weight_decay; }),
      word_field("schedule", kScheduleNames, [](auto* o) { return &o->schedule; }),
      value_field("warmup", [](auto* o) { return &o->warmup_epochs; }),
      value_field("layer-decay", [](auto* o) { return &o->layer_decay; }),
      value_field("freeze", [](auto* o) { return &o->freeze_stages; }),
      value_field("linear-probe", [](auto* o) { return &o->linear_probe; }),
      value_field("keep-statistics", [](auto* o) { return &o->keep_statistics; }),
      value_field("label-smoothing", [](auto* o) { return &o->label_smoothing; }),
      value_field("weight-average", [](auto* o) { return &o->weight_average; }),
      value_field("tuned-share", [](auto* o) { return &o->tuned_share; }),
      value_field("clip", [](auto* o) { return &o->clip_norm; }),
      word_field("precision", kPrecisionNames, [](auto* o) { return &o->precision; }),
      word_field("class-weights", kClassWeightsNames, [](auto* o) { return &o->class_weights; }),
      word_field("balance", kBalanceNames, [](auto* o) { return &o->balance; }),
      off_field("no-augmentation", [](auto* o) { return &o->augment; }),
      off_field("no-flips", [](auto* o) { return &o->augmentation.flips; }),
      value_field("rotation", [](auto* o) { return &o->augmentation.rotation_degrees; }),
      value_field("zoom", [](auto* o) { return &o->augmentation.zoom; }),
      value_field("detail", [](auto* o) { return &o->detail; }),
      value_field("stain", [](auto* o) { return &o->appearance.stain; }),
      value_field("colour", [](auto* o) { return &o->appearance.colour; }),
      value_field("blur", [](auto* o) { return &o->appearance.blur; }),
      value_field("noise", [](auto* o) { return &o->appearance.noise; }),
      value_field("jpeg", [](auto* o) { return &o->appearance.jpeg; }),
      value_field("cutout", [](auto* o) { return &o->appearance.cutout; }),
      value_field("mixup", [](auto* o) { return &o->mixup; }),
      value_field("half", [](auto* o) { return &o->half_weights; }),
      value_field("with-patients", [](auto* o) { return &o->with_patients; }),
      value_field("patience", [](auto* o) { return &o->patience; }),
      value_field("seed", [](auto* o) { return &o->seed; })};
  return all;
}

/// NaN fails, too.
void check(bool holds, const std::string& rule) {
  if (!holds) throw std::runtime_error(rule);
}

void check_bounds(const TrainOptions& o) {
  check(is_weights_identity(o.weights), "weights must be imagenet, none or the digest of a file");
  check(o.epochs >= (o.linear_probe > 0 ? 0 : 1), "epochs must be at least 1, or 0 with linear-probe");
  check(o.batch_size >= 1, "batch-size must be at least 1");
  check(o.accumulate >= 1 && o.accumulate <= o.batch_size, "accumulate must be between 1 and batch-size");
  check(o.learning_rate > 0, "lr must be above 0");
  check(o.weight_decay >= 0, "weight-decay must not be negative");
  check(o.warmup_epochs >= 0, "warmup must not be negative");
  check(o.layer_decay > 0 && o.layer_decay <= 1, "layer-decay must be above 0, and 1 at most");
  check(o.freeze_stages >= 0, "freeze must not be negative");
  check(o.linear_probe >= 0 && std::isfinite(o.linear_probe), "linear-probe must not be negative");
  check(o.label_smoothing >= 0 && o.label_smoothing < 1, "label-smoothing must be in [0, 1)");
  check(o.weight_average >= 0 && o.weight_average < 1, "weight-average must be in [0, 1)");
  check(o.tuned_share >= 0 && o.tuned_share <= 1, "tuned-share must be within 0..1");
  check(o.clip_norm >= 0, "clip must not be negative");
  check(o.augmentation.rotation_degrees >= 0 && o.augmentation.rotation_degrees <= 360, "rotation must be within 0..360 degrees");
  check(o.augmentation.zoom >= 1 && o.augmentation.zoom <= 100, "zoom must be within 1..100");
  check(o.detail >= 1 && o.detail <= 4, "detail must be within 1..4");
  check(o.appearance.stain >= 0 && o.appearance.stain <= 1, "stain must be within 0..1");
  check(o.appearance.colour >= 0 && o.appearance.colour <= 1, "colour must be within 0..1");
  check(o.appearance.blur >= 0 && o.appearance.blur <= 16, "blur must be within 0..16 pixels");
  check(o.appearance.noise >= 0 && o.appearance.noise <= 1, "noise must be within 0..1");
  check(o.appearance.jpeg >= 0 && o.appearance.jpeg <= 99, "jpeg must be within 0..99");
  check(o.appearance.cutout >= 0 && o.appearance.cutout <= 0.9, "cutout must be within 0..0.9");
  check(o.mixup >= 0 && o.mixup <= 1, "mixup must be within 0..1");
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

InputSpec input_of(const TrainOptions& options) {
  InputSpec input;
  input.width = options.network.width;
  input.height = options.network.height;
  if (options.normalisation == Normalisation::imagenet) {
    input.mean = {0.485F, 0.456F, 0.406F};
    input.stddev = {0.229F, 0.224F, 0.225F};
  }
  return input;
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
  Json json;
  for (const Field& field : fields()) json[field.name] = field.write(options);
  return json.dump();
}

TrainOptions parse_train_options(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    TrainOptions options = default_options(json.value("network", NetworkOptions{}.network));
    for (const auto& item : json.items()) {
      const auto field = std::find_if(fields().begin(), fields().end(), [&](const Field& one) { return one.name == item.key(); });
      if (field == fields().end()) throw std::runtime_error("\"" + item.key() + "\" is no option");
      field->read(item.value(), options);
    }
    check_bounds(options);
    return options;
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string("training options: ") + error.what());
  }
}

}  // namespace lobule
