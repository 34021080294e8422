#include "viewer_text.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "lobule/number_text.h"

namespace lobule {
namespace {

/// Two digits; what would be rounded to certainty says so.
std::string probability_text(double p) {
  if (p > 0.995 && p < 1) return ">0.99";
  if (p < 0.005 && p > 0) return "<0.01";
  return fixed(p, 2);
}

/// The quality report's figure beside its limit: ": 43.2 % of the area, at least 5.0 % is asked for"; "" before there is one.
std::string tissue_share_text(const Case& c) {
  if (c.quality.empty()) return "";
  const auto report = nlohmann::json::parse(c.quality);
  for (const auto& measure : report.at("measures")) {
    if (measure.at("key") == "tissue_share") {
      return ": " + measure.at("text").get<std::string>() + ", " + measure.at("limit_text").get<std::string>() + " is asked for";
    }
  }
  return "";
}

std::string prediction_text(const Session& session, const Prediction& prediction) {
  const std::string call = call_name(prediction.call, session.class_names(), session.positive_class());
  if (prediction.logits.empty() || !prediction.refusal.empty()) return call;
  return call + ", " + probability_text(prediction.p_positive);
}

}  // namespace

std::string call_text(const Session& session, const Case& c) {
  const std::string name = session.shown_name(c);
  if (c.state == CaseState::waiting) return name + ": waiting";
  if (c.state == CaseState::failed) return name + ": not read";
  if (session.hides_call(c)) return name + ": unread";
  return name + ": " + prediction_text(session, c.prediction);
}

std::string model_text(const Session& session, const Case& c, const std::string& model, const Prediction* prediction) {
  if (prediction == nullptr) return model + ": no call of this image";
  if (session.hides_call(c)) return model + ": unread";
  return model + ": " + prediction_text(session, *prediction);
}

int evidence_class(const Session& session, const Prediction& prediction) {
  const bool is_negative = prediction.call == Call::negative && session.class_names().size() == 2;
  return is_negative ? 1 - session.positive_class() : session.positive_class();
}

std::string channel_text(Channel channel, const Case& c, std::optional<bool> own_stains) {
  const char* by = !own_stains ? "" : *own_stains ? ", by this image's own stains (Macenko 2009)" : ", by Ruifrok's stains: this image cannot tell its own";
  switch (channel) {
    case Channel::as_scanned:
      return "";
    case Channel::haematoxylin:
      return std::string("Haematoxylin") + by;
    case Channel::eosin:
      return std::string("Eosin") + by;
    case Channel::optical_density:
      return "Optical density: white 0, black 1 or more";
    case Channel::tissue:
      return "Tissue found" + tissue_share_text(c);
  }
  return "";
}

std::string cam_number(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", static_cast<double>(value));
  return text;
}

std::string cam_text(const Session& session, const CamMap& cam, int of_class, CamSign sign) {
  if (cam.values.empty()) return "";
  const std::string limit = cam_number(cam_limit(cam, of_class, sign));
  const bool is_signed = sign == CamSign::for_and_against;
  const std::string cells = std::to_string(cam.width) + " \u00d7 " + std::to_string(cam.height) + " cells";
  return (is_signed ? "Evidence for and against " : "Evidence for ") + session.class_names()[static_cast<std::size_t>(of_class)] + ", " + cells + ", " +
         (is_signed ? "\u2212" + limit : "0") + " to " + limit;
}

}  // namespace lobule
