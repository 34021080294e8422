#include "lobule/session_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <type_traits>

#include "json_text.h"

namespace lobule {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr const char* kKind = "lobule session";
constexpr int kSchemaVersion = 1;

OrderedJson image_json(const SessionImage& image) {
  const PredictionRow& row = image.row;
  const Prediction& prediction = row.prediction;
  OrderedJson json = {{"path", row.path},
                      {"label", row.label},
                      {"patient", row.patient},
                      {"slide", row.slide},
                      {"magnification", row.magnification},
                      {"subtype", row.subtype},
                      {"source", row.source},
                      {"bytes", image.bytes},
                      {"width", image.width},
                      {"height", image.height},
                      {"pixel_sha256", image.pixel_sha256},
                      {"tensor_sha256", row.tensor_sha256}};
  json["logits"] = image.is_done && !prediction.logits.empty() ? OrderedJson(prediction.logits) : OrderedJson();
  json["refusal"] = image.is_done ? OrderedJson(prediction.refusal) : OrderedJson();
  json["reason"] = image.is_done ? OrderedJson(prediction.reason) : OrderedJson();
  json["error"] = image.error;
  if (!image.reading.first.empty()) json["reading_first"] = image.reading.first;
  if (!image.reading.after.empty()) json["reading_after"] = image.reading.after;
  if (image.pixel_size != 0) json["pixel_size"] = image.pixel_size;
  if (row.in_training) json["in_training"] = true;
  return json;
}

[[noreturn]] void refuse_session(const std::string& cause) { throw std::runtime_error(cause); }

/// A member of the expected type, or the given value where it is absent or null.
template <typename Value>
Value member(const Json& object, const char* key, Value otherwise) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return otherwise;
  try {
    if constexpr (std::is_integral_v<Value> && !std::is_same_v<Value, bool>) {
      const auto value = found->is_number_integer() ? found->get<std::int64_t>() : -1;
      if (value < 0 || value > std::numeric_limits<Value>::max()) refuse_session(std::string("\"") + key + "\" is no count");
      return static_cast<Value>(value);
    } else {
      return found->get<Value>();
    }
  } catch (const Json::exception&) {
    refuse_session(std::string("\"") + key + "\" is " + found->type_name() + ", which it cannot be");
  }
}

std::vector<double> read_logits(const Json& object, std::size_t classes) {
  auto logits = member<std::vector<double>>(object, "logits", {});
  if (logits.empty()) return logits;
  if (logits.size() != classes) refuse_session(std::to_string(logits.size()) + " logits for " + std::to_string(classes) + " classes");
  for (const double logit : logits) {
    if (!std::isfinite(logit)) refuse_session("a logit is not finite");
  }
  return logits;
}

/// A member that is "" or a class of the session.
std::string read_class(const Json& object, const char* key, const SessionFile& session) {
  auto name = member<std::string>(object, key, "");
  if (name.empty() || std::find(session.class_names.begin(), session.class_names.end(), name) != session.class_names.end()) return name;
  refuse_session(std::string(key) + " \"" + name + "\" is not one of the classes");
}

SessionImage read_image(const Json& object, const SessionFile& session) {
  SessionImage image;
  PredictionRow& row = image.row;
  row.label = read_class(object, "label", session);
  image.reading = {read_class(object, "reading_first", session), read_class(object, "reading_after", session)};
  if (image.reading.first.empty() && !image.reading.after.empty()) refuse_session("has a reading_after and no reading_first");
  row.patient = member<std::string>(object, "patient", "");
  row.slide = member<std::string>(object, "slide", "");
  row.magnification = member(object, "magnification", 0);
  row.subtype = member<std::string>(object, "subtype", "");
  row.source = member<std::string>(object, "source", "");
  row.tensor_sha256 = member<std::string>(object, "tensor_sha256", "");
  row.in_training = member(object, "in_training", false);
  image.bytes = member(object, "bytes", std::int64_t{0});
  image.width = member(object, "width", 0);
  image.height = member(object, "height", 0);
  image.pixel_sha256 = member<std::string>(object, "pixel_sha256", "");
  image.error = member<std::string>(object, "error", "");
  image.pixel_size = member(object, "pixel_size", 0.0);
  if (!(image.pixel_size >= 0 && image.pixel_size <= kLargestPixelSize)) refuse_session("its pixel_size does not lie between 0 and 1000 micrometres");
  const auto reason = object.find("reason");
  image.is_done = reason != object.end() && !reason->is_null();
  if (!image.is_done) return image;
  if (auto logits = read_logits(object, session.class_names.size()); !logits.empty()) {
    row.prediction = prediction_of(std::move(logits), session.positive_class, session.threshold_low, session.threshold_high);
  } else {
    row.prediction.reason = member<std::string>(object, "reason", "");
  }
  if (const auto refusal = member<std::string>(object, "refusal", ""); !refusal.empty()) refuse(row.prediction, refusal);
  return image;
}

SessionFile read_header(const Json& json) {
  SessionFile session;
  session.model_name = member<std::string>(json, "model_name", "");
  session.model_digest = member<std::string>(json, "model_sha256", "");
  session.class_names = member<std::vector<std::string>>(json, "classes", {});
  if (session.class_names.size() < 2) refuse_session("names fewer than two classes");
  const auto positive = std::find(session.class_names.begin(), session.class_names.end(), member<std::string>(json, "positive", ""));
  if (positive == session.class_names.end()) refuse_session("its positive class is not one of its classes");
  session.positive_class = static_cast<int>(positive - session.class_names.begin());
  session.threshold_low = member(json, "threshold_low", 0.5);
  session.threshold_high = member(json, "threshold_high", 0.5);
  if (!(session.threshold_low >= 0 && session.threshold_low <= session.threshold_high && session.threshold_high <= 1)) {
    refuse_session("its thresholds are not 0 <= low <= high <= 1");
  }
  session.selected = member<std::string>(json, "selected", "");
  return session;
}

Json parse_object(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) refuse_session("is not JSON, or not all of it");
  if (!json.is_object() || json.value("kind", Json()) != kKind) refuse_session("is not a session of lobule");
  return json;
}

}  // namespace

std::string to_json(const SessionFile& session) {
  OrderedJson images = OrderedJson::array();
  for (const SessionImage& image : session.images) images.push_back(image_json(image));
  return json_text({{"research_use_only", kResearchUseOnly},
                    {"kind", kKind},
                    {"schema_version", kSchemaVersion},
                    {"model_name", session.model_name},
                    {"model_sha256", session.model_digest},
                    {"classes", session.class_names},
                    {"positive", session.class_names.at(static_cast<std::size_t>(session.positive_class))},
                    {"threshold_low", session.threshold_low},
                    {"threshold_high", session.threshold_high},
                    {"selected", session.selected},
                    {"images", images}});
}

SessionFile parse_session(std::string_view text) {
  const Json json = parse_object(text);
  const int version = member(json, "schema_version", 0);
  if (version != kSchemaVersion) refuse_session("is a session of version " + std::to_string(version) + "; this program reads version 1");
  SessionFile session = read_header(json);
  const auto images = json.find("images");
  if (images == json.end() || !images->is_array()) refuse_session("has no list of images");
  std::set<std::string> paths;
  for (const Json& object : *images) {
    if (!object.is_object()) refuse_session("an image of it is no object");
    const auto path = member<std::string>(object, "path", "");
    if (path.empty()) refuse_session("an image of it has no path");
    if (!paths.insert(path).second) refuse_session(path + ": is there twice");
    try {
      session.images.push_back(read_image(object, session));
    } catch (const std::runtime_error& error) {
      refuse_session(path + ": " + error.what());
    }
    session.images.back().row.path = path;
  }
  return session;
}

}  // namespace lobule
