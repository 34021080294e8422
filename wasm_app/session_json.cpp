#include "session_json.h"

#include <nlohmann/json.hpp>
#include <set>

#include "pixel_size.h"

namespace lobule {
namespace {

using nlohmann::ordered_json;

const char* state_name(CaseState state) {
  switch (state) {
    case CaseState::waiting:
      return "waiting";
    case CaseState::done:
      return "done";
    case CaseState::failed:
      return "failed";
  }
  return "";
}

const char* call_key(Call call) {
  switch (call) {
    case Call::negative:
      return "negative";
    case Call::positive:
      return "positive";
    case Call::no_result:
      return "no_result";
  }
  return "";
}

void add_prediction(ordered_json& json, const Session& session, const Prediction& prediction) {
  json["call"] = call_key(prediction.call);
  json["call_name"] = call_name(prediction.call, session.class_names(), session.positive_class());
  if (prediction.logits.empty())
    json["p"] = nullptr;
  else
    json["p"] = prediction.p_positive;
  json["reason"] = prediction.reason;
  json["refused"] = !prediction.refusal.empty();
}

/// In place of a prediction that is not to be seen yet.
void hide_prediction(ordered_json& json) {
  for (const char* key : {"call", "call_name", "reason"}) json[key] = "";
  json["p"] = nullptr;
  json["hidden"] = true;
}

/// What a row of the list shows.
ordered_json row_json(const Session& session, const Case& c) {
  ordered_json json = {{"id", c.id},
                       {"name", session.shown_name(c)},
                       {"patient", c.facts.patient},
                       {"label", session.reads_first() ? "" : c.label},
                       {"reading_first", c.reading_first},
                       {"reading_after", c.reading_after},
                       {"in_training", session.in_training(c)},
                       {"sample", c.sample},
                       {"state", state_name(c.state)},
                       {"has_image", c.has_image},
                       {"milliseconds", c.milliseconds}};
  if (c.state == CaseState::done && session.hides_call(c))
    hide_prediction(json);
  else if (c.state == CaseState::done)
    add_prediction(json, session, c.prediction);
  if (c.state == CaseState::failed) json["error"] = c.error;
  const PredictionRow* baseline = session.baseline() && !session.reads_first() ? session.baseline()->row(c.path) : nullptr;
  if (baseline != nullptr) {
    const PredictionTable& table = session.baseline()->table();
    json["baseline_call_name"] = call_name(baseline->prediction.call, table.class_names, table.positive_class);
    json["baseline_p"] = baseline->prediction.logits.empty() ? ordered_json() : ordered_json(baseline->prediction.p_positive);
  }
  return json;
}

/// Text from files may be no UTF-8: such bytes are shown as replacement characters.
std::string dump(const ordered_json& json) { return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace); }

}  // namespace

std::string case_json(const Session& session, const Case& c) {
  ordered_json json = row_json(session, c);
  json["path"] = c.path;
  json["slide"] = c.facts.slide;
  json["magnification"] = c.facts.magnification;
  json["subtype"] = session.reads_first() ? "" : c.facts.subtype;
  json["width"] = c.width;
  json["height"] = c.height;
  json["bytes"] = c.bytes;
  json["pixel_size"] = session.pixel_size(c);
  json["breakhis_pixel_size"] = breakhis_pixel_size(c);
  json["tensor_sha256"] = c.tensor_sha256;
  json["pixel_sha256"] = c.pixel_sha256;
  json["quality"] = c.quality.empty() ? ordered_json() : ordered_json::parse(c.quality);
  const bool hidden = session.hides_call(c);
  json["logits"] = hidden ? std::vector<double>() : c.prediction.logits;
  json["probabilities"] = hidden ? std::vector<double>() : c.prediction.probabilities;
  json["has_cam"] = !hidden && !c.cam.values.empty();
  return dump(json);
}

std::string list_json(const Session& session, const CaseFilter& filter) {
  ordered_json rows = ordered_json::array();
  const std::map<int, std::string>& copies = session.copies();
  for (const Case* c : session.list(filter)) {
    rows.push_back(row_json(session, *c));
    if (const auto copy = copies.find(c->id); copy != copies.end()) rows.back()["copy_of"] = session.reads_first() ? "another image" : copy->second;
  }
  return dump(rows);
}

std::string patients_json(const Session& session) {
  std::set<std::string> hidden;  // a patient's call is known when those of all images may be
  for (const Case& c : session.cases()) {
    if (c.state == CaseState::done && session.hides_call(c)) hidden.insert(c.facts.patient);
  }
  ordered_json patients = ordered_json::array();
  for (const PatientCall& patient : session.patients()) {
    ordered_json json = {{"patient", patient.patient}, {"images", patient.images}, {"images_refused", patient.refused}};
    if (hidden.contains(patient.patient))
      hide_prediction(json);
    else
      add_prediction(json, session, patient.prediction);
    patients.push_back(std::move(json));
  }
  return dump(patients);
}

}  // namespace lobule
