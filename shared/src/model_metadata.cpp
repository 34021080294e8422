#include "model_metadata.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "json_bounds.h"

namespace lobule::model_metadata {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxTextBytes = std::size_t{8} << 20;
constexpr std::size_t kMaxNameBytes = 200;
constexpr int kMaxInputSide = 4096;  // pixels
constexpr std::size_t kMaxClasses = 1000;
constexpr std::size_t kMaxGoldenVectors = 16;
constexpr double kLargestLogit = 1e6;
constexpr double kLargestScopeNumber = 1e6;

[[noreturn]] void refuse(const std::string& key, const std::string& cause) { throw std::runtime_error("model file's " + key + " " + cause); }

/// Runs a reader; what the JSON library says about a missing or mistyped member gets the key in front.
template <typename Read>
auto reading(const std::string& key, const Read& read) {
  try {
    return read();
  } catch (const ordered_json::exception& error) {
    refuse(key, std::string("is not as expected: ") + error.what());
  }
}

/// A whole number; the library alone would cut 1.5 to 1.
int whole_number(const ordered_json& object, const char* member, const std::string& key) {
  const ordered_json& value = object.at(member);
  if (!value.is_number_integer() || value > 1'000'000 || value < 0) refuse(key, std::string("has no whole number for ") + member);
  return value.get<int>();
}

std::string fit_name(Fit fit) {
  switch (fit) {
    case Fit::stretch:
      return "stretch";
    case Fit::cover:
      return "cover";
    case Fit::contain:
      return "contain";
  }
  throw std::logic_error("a Fit has no name");
}

Fit parse_fit(const std::string& name) {
  if (name == "stretch") return Fit::stretch;
  if (name == "cover") return Fit::cover;
  if (name == "contain") return Fit::contain;
  refuse(kModelKey, "has an unknown fit '" + name + "'");
}

std::string filter_name(ResizeFilter filter) { return filter == ResizeFilter::bilinear ? "bilinear" : "bicubic"; }

ResizeFilter parse_filter(const std::string& name) {
  if (name == "bilinear") return ResizeFilter::bilinear;
  if (name == "bicubic") return ResizeFilter::bicubic;
  refuse(kModelKey, "has an unknown filter '" + name + "'");
}

std::array<float, 3> parse_rgb(const ordered_json& values, double smallest) {
  if (!values.is_array() || values.size() != 3) refuse(kModelKey, "must have three values in mean and in stddev");
  std::array<float, 3> rgb{};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const double value = values[channel].get<double>();
    if (!(value >= smallest && value <= 1000)) refuse(kModelKey, "has a mean or stddev out of bounds");
    rgb[channel] = static_cast<float>(value);
  }
  return rgb;
}

InputSpec parse_input(const ordered_json& json) {
  InputSpec input;
  input.width = whole_number(json, "width", kModelKey);
  input.height = whole_number(json, "height", kModelKey);
  input.fit = parse_fit(json.at("fit").get<std::string>());
  input.filter = parse_filter(json.at("filter").get<std::string>());
  input.mean = parse_rgb(json.at("mean"), -1000);
  input.stddev = parse_rgb(json.at("stddev"), 1e-6);
  if (input.width < 1 || input.height < 1 || input.width > kMaxInputSide || input.height > kMaxInputSide) {
    refuse(kModelKey, "has an input of " + std::to_string(input.width) + "x" + std::to_string(input.height) + " pixels; 1 to 4096 a side are supported");
  }
  return input;
}

void check_spec(const ModelSpec& spec) {
  if (spec.class_names.size() < 2 || spec.class_names.size() > kMaxClasses) {
    refuse(kModelKey, "has " + std::to_string(spec.class_names.size()) + " class names; 2 to 1000 are supported");
  }
  const std::set<std::string> distinct(spec.class_names.begin(), spec.class_names.end());
  if (distinct.size() != spec.class_names.size() || distinct.count("") > 0) {
    refuse(kModelKey, "has class names that are empty or occur twice");
  }
  if (spec.positive_class < 0 || static_cast<std::size_t>(spec.positive_class) >= spec.class_names.size()) {
    refuse(kModelKey, "names a positive class that does not exist");
  }
  for (const std::string& name : spec.class_names) {
    if (name.size() > kMaxNameBytes) refuse(kModelKey, "has a class name of more than 200 bytes");
  }
  if (spec.name.size() > kMaxNameBytes || spec.network.size() > kMaxNameBytes) refuse(kModelKey, "has a name of more than 200 bytes");
  // Beyond these, dividing a float by it could leave the range of doubles, or every probability is one of a half.
  if (!(spec.temperature >= 1e-3 && spec.temperature <= 1e3)) refuse(kModelKey, "has a temperature that is not from 0.001 to 1000");
  if (!(spec.threshold_low >= 0 && spec.threshold_low <= spec.threshold_high && spec.threshold_high <= 1)) {
    refuse(kModelKey, "has thresholds that are not 0 <= threshold_low <= threshold_high <= 1");
  }
}

}  // namespace

ordered_json parse_json(const std::string& key, const std::string& text) {
  if (text.size() > kMaxTextBytes) refuse(key, "is longer than 8 MiB");
  return reading(key, [&] {
    try {
      return parse_bounded_json(text);
    } catch (const std::runtime_error& error) {
      refuse(key, error.what());
    }
  });
}

ordered_json to_json(const ModelSpec& spec) {
  return {{"name", spec.name},
          {"network", spec.network},
          {"class_names", spec.class_names},
          {"positive_class", spec.positive_class},
          {"input",
           {{"width", spec.input.width},
            {"height", spec.input.height},
            {"fit", fit_name(spec.input.fit)},
            {"filter", filter_name(spec.input.filter)},
            {"mean", spec.input.mean},
            {"stddev", spec.input.stddev}}},
          {"temperature", spec.temperature},
          {"threshold_low", spec.threshold_low},
          {"threshold_high", spec.threshold_high}};
}

ordered_json to_json(const GoldenVectors& golden) {
  ordered_json vectors = ordered_json::array();
  for (const GoldenVector& vector : golden.vectors) vectors.push_back({{"seed", vector.seed}, {"logits", vector.logits}});
  return {{"tolerance", golden.tolerance}, {"vectors", vectors}};
}

ordered_json scope_json(const ModelScope& scope) {
  ordered_json weak = ordered_json::array();
  for (const WeakMagnification& magnification : scope.weak_magnifications) {
    weak.push_back(
        {{"magnification", magnification.magnification}, {"auc", magnification.auc}, {"auc_low", magnification.auc_low}, {"auc_high", magnification.auc_high}});
  }
  return {{"limit", scope.gate.limit},
          {"bias", scope.gate.bias},
          {"weights", scope.gate.weights},
          {"weak_magnifications", weak},
          {"study", ordered_json::parse(scope.study_json)}};
}

ModelSpec parse_spec(const ordered_json& json) {
  ModelSpec spec = reading(kModelKey, [&] {
    ModelSpec read;
    read.name = json.at("name").get<std::string>();
    read.network = json.at("network").get<std::string>();
    read.class_names = json.at("class_names").get<std::vector<std::string>>();
    read.positive_class = whole_number(json, "positive_class", kModelKey);
    read.input = parse_input(json.at("input"));
    read.temperature = json.at("temperature").get<double>();
    read.threshold_low = json.at("threshold_low").get<double>();
    read.threshold_high = json.at("threshold_high").get<double>();
    return read;
  });
  check_spec(spec);
  return spec;
}

GoldenVectors parse_golden(const std::string& text, std::size_t classes) {
  const ordered_json json = parse_json(kGoldenKey, text);
  GoldenVectors golden = reading(kGoldenKey, [&] {
    GoldenVectors read;
    read.tolerance = json.at("tolerance").get<double>();
    for (const ordered_json& vector : json.at("vectors")) {
      if (!vector.at("seed").is_number_unsigned()) refuse(kGoldenKey, "has a seed that is not a whole number");
      read.vectors.push_back({vector.at("seed").get<std::uint64_t>(), vector.at("logits").get<std::vector<double>>()});
    }
    return read;
  });
  if (!(golden.tolerance > 0 && golden.tolerance <= 0.01)) refuse(kGoldenKey, "has a tolerance outside (0, 0.01]");
  if (golden.vectors.empty() || golden.vectors.size() > kMaxGoldenVectors) {
    refuse(kGoldenKey, "has " + std::to_string(golden.vectors.size()) + " vectors; 1 to 16 are supported");
  }
  for (const GoldenVector& vector : golden.vectors) {
    if (vector.logits.size() != classes) refuse(kGoldenKey, "has not one logit for each class");
    for (const double logit : vector.logits) {
      if (!(std::fabs(logit) <= kLargestLogit)) refuse(kGoldenKey, "has a logit beyond a million");
    }
  }
  return golden;
}

ModelScope parse_scope(const std::string& text) {
  const ordered_json json = parse_json(kScopeKey, text);
  ModelScope scope = reading(kScopeKey, [&] {
    ModelScope read;
    read.gate = {json.at("weights").get<std::vector<double>>(), json.at("bias").get<double>(), json.at("limit").get<double>()};
    for (const ordered_json& weak : json.at("weak_magnifications")) {
      read.weak_magnifications.push_back(
          {whole_number(weak, "magnification", kScopeKey), weak.at("auc").get<double>(), weak.at("auc_low").get<double>(), weak.at("auc_high").get<double>()});
    }
    if (!json.at("study").is_object()) refuse(kScopeKey, "has a study that is no JSON object");
    read.study_json = json.at("study").dump();
    return read;
  });
  const ScopeGate& gate = scope.gate;
  const auto is_sane = [](double value) { return std::fabs(value) <= kLargestScopeNumber; };  // false for NaN
  if (!std::all_of(gate.weights.begin(), gate.weights.end(), is_sane) || !is_sane(gate.bias) || !is_sane(gate.limit)) {
    refuse(kScopeKey, "has a number beyond a million");
  }
  for (const WeakMagnification& weak : scope.weak_magnifications) {
    const bool ordered = weak.auc_low >= 0 && weak.auc_low <= weak.auc && weak.auc <= weak.auc_high && weak.auc_high <= 1;
    if (weak.magnification < 1 || !ordered) refuse(kScopeKey, "has a weak magnification without 0 <= auc_low <= auc <= auc_high <= 1");
  }
  return scope;
}

std::vector<std::string> parse_patients(const std::string& text) {
  const ordered_json json = parse_json(kPatientsKey, text);
  auto patients = reading(kPatientsKey, [&] { return json.get<std::vector<std::string>>(); });
  if (patients.empty()) refuse(kPatientsKey, "lists nobody; it must then be left out");
  return patients;
}

std::string parse_object(const std::string& key, const std::string& text) {
  if (!parse_json(key, text).is_object()) refuse(key, "is not a JSON object");
  return text;
}

}  // namespace lobule::model_metadata

namespace lobule {

std::string to_json(const ModelScope& scope) { return model_metadata::scope_json(scope).dump(); }

ModelScope parse_model_scope(const std::string& json) { return model_metadata::parse_scope(json); }

}  // namespace lobule
