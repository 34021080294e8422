#include "app_api.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "app_api_support.h"
#include "session_json.h"

namespace {

using namespace lobule::app_api;
using lobule::Case;

bool is_case(int id) {
  for (const Case& c : app().session().cases()) {
    if (c.id == id) return true;
  }
  return false;
}

std::vector<int> ids_of(const char* json) { return ordered_json::parse(json).get<std::vector<int>>(); }

void take_result(Case& c, const ordered_json& json) {
  c.width = json.value("width", 0);
  c.height = json.value("height", 0);
  c.milliseconds = json.value("milliseconds", 0.0);
  c.tensor_sha256 = json.value("tensor_sha256", "");
  c.pixel_sha256 = json.value("pixel_sha256", "");
  c.quality = json.contains("quality") ? json.at("quality").dump() : "";
}

}  // namespace

extern "C" {

std::uint8_t* app_allocate(int bytes) { return static_cast<std::uint8_t*>(std::malloc(static_cast<std::size_t>(bytes))); }
void app_free(std::uint8_t* buffer) { std::free(buffer); }

const char* app_start(const std::uint8_t* font, int font_bytes) {
  return cause_of([&] { app().start(font, font_bytes); });
}

void app_set_theme(const char* json) {
  cause_of([&] { app().set_theme(lobule::parse_theme(json)); });
}

void app_resize(int width, int height) { app().resize(width, height); }

int app_frame() {
  try {
    return app().frame() ? 1 : 0;
  } catch (const std::exception& error) {
    keep(error.what());
    return 0;
  }
}

int app_frames_drawn() { return static_cast<int>(app().frames_drawn()); }

void app_set_view(const char* view) { app().set_view(std::string(view) == "evaluate" ? lobule::View::evaluate : lobule::View::classify); }

const char* app_set_model(const char* facts_json) {
  return cause_of([&] {
    const auto facts = ordered_json::parse(facts_json);
    app().session().set_model(lobule::parse_model_facts(facts_json), facts.value("digest", ""), facts.value("training_patients", std::vector<std::string>()));
    app().viewer().forget_cams();
  });
}

int app_add_case(const char* json) {
  try {
    const auto added = ordered_json::parse(json);
    app().wake();
    return app().session().add_case(added.value("name", ""), added.value("path", ""), added.value("bytes", std::int64_t{0}), added.value("sample", false),
                                    added.value("label", ""));
  } catch (const std::exception& error) {
    keep(error.what());
    return 0;
  }
}

const char* app_set_result(int case_id, const char* json) {
  return cause_of([&] {
    if (!is_case(case_id)) return;
    const auto result = ordered_json::parse(json);
    if (result.contains("error")) {
      app().session().set_failure(case_id, result.value("error", ""));
      return;
    }
    take_result(app().session().at(case_id), result);
    app().session().set_result(case_id, result.at("logits").get<std::vector<float>>(), result.value("refusal", ""));
  });
}

void app_set_cam(int case_id, const float* cam, int classes, int height, int width) {
  if (!is_case(case_id)) return;
  lobule::CamMap map{classes, height, width, {cam, cam + static_cast<std::ptrdiff_t>(classes) * height * width}};
  app().session().set_cam(case_id, std::move(map));
  app().viewer().forget_cams();
}

const char* app_remove_cases(const char* case_ids_json) {
  return cause_of([&] {
    const std::vector<int> ids = ids_of(case_ids_json);
    app().session().remove_cases(ids);
    for (const int id : ids) app().viewer().tiles().forget_case(id);
  });
}

void app_remove_all() { app().session().remove_all(); }

const char* app_undo() {
  return text_of([] { return app().session().undo(); });
}

const char* app_redo() {
  return text_of([] { return app().session().redo(); });
}

int app_retry_failed() { return app().session().retry_failed(); }

const char* app_set_label(const char* case_ids_json, const char* label) {
  return cause_of([&] { app().session().set_label(ids_of(case_ids_json), label); });
}

void app_set_reads_first(int on) {
  app().session().set_reads_first(on != 0);
  app().wake();
}

void app_set_counts_training(int on) {
  app().session().set_counts_training(on != 0);
  app().wake();
}

const char* app_set_pixel_size(int case_id, double micrometres) {
  return cause_of([&] { app().session().set_pixel_size(case_id, micrometres); });
}

const char* app_set_thresholds(double low, double high) {
  return cause_of([&] { app().session().set_thresholds(low, high); });
}

const char* app_select(int case_id) {
  return cause_of([&] { app().session().select(case_id); });
}

int app_selected() { return app().session().selected(); }

const char* app_state_json() {
  return text_of([] {
    const lobule::Session& session = app().session();
    int done = 0;
    int failed = 0;
    int labelled = 0;
    int read = 0;
    int in_training = 0;
    std::set<int> magnifications;
    for (const Case& c : session.cases()) {
      done += c.state == lobule::CaseState::done ? 1 : 0;
      failed += c.state == lobule::CaseState::failed ? 1 : 0;
      labelled += c.label.empty() ? 0 : 1;
      read += c.reading_first.empty() ? 0 : 1;
      in_training += session.in_training(c) ? 1 : 0;
      if (c.facts.magnification != 0) magnifications.insert(c.facts.magnification);
    }
    const ordered_json state = {{"cases", session.cases().size()},
                                {"done", done},
                                {"failed", failed},
                                {"labelled", labelled},
                                {"reads_first", session.reads_first()},
                                {"read", read},
                                {"in_training", in_training},
                                {"counts_training", session.counts_training()},
                                {"left_out", session.left_out()},
                                {"selected", session.selected()},
                                {"threshold_low", session.threshold_low()},
                                {"threshold_high", session.threshold_high()},
                                {"cam_on", app().cam_on()},
                                {"cam_opacity", app().cam_opacity()},
                                {"cam_sign", app().cam_sign() == lobule::CamSign::only_for ? "for" : "for_and_against"},
                                {"channel", lobule::channel_key(app().channel())},
                                {"pinned", session.pinned()},
                                {"can_compare_models", session.can_compare_models()},
                                {"compares_models", session.compares_models()},
                                {"can_undo", session.can_undo()},
                                {"can_redo", session.can_redo()},
                                {"copies", session.copies().size()},
                                {"has_baseline", session.baseline().has_value()},
                                {"has_opened_evaluation", session.has_opened_evaluation()},
                                {"magnifications", magnifications},
                                {"classes", session.class_names()},
                                {"positive", session.class_names()[static_cast<std::size_t>(session.positive_class())]},
                                {"revision", session.revision()}};
    return state.dump();
  });
}

const char* app_case_json(int case_id) {
  return text_of([&] { return lobule::case_json(app().session(), app().session().at(case_id)); });
}

const char* app_list_json(const char* filter_json) {
  return text_of([&] { return lobule::list_json(app().session(), lobule::parse_filter_json(filter_json)); });
}

const char* app_patients_json() {
  return text_of([] { return lobule::patients_json(app().session()); });
}

const char* app_take_filter() {
  return text_of([]() -> std::string {
    const std::optional<lobule::CaseFilter> filter = app().take_filter();
    if (!filter) return "";
    const char* training = app().session().left_out() > 0 ? "out" : "";  // a chart shows what is counted
    return ordered_json{
        {"label", filter->label}, {"predicted", filter->predicted}, {"p_low", filter->p_low}, {"p_high", filter->p_high}, {"training", training}}
        .dump();
  });
}

const char* app_take_requests() {
  return text_of([] {
    ordered_json requests = ordered_json::array();
    for (const lobule::TileKey& key : app().viewer().tiles().take_requests()) {
      requests.push_back({{"case", key.case_id}, {"level", key.level}, {"x", key.x}, {"y", key.y}, {"channel", lobule::channel_key(key.channel)}});
    }
    return requests.dump();
  });
}

void app_forget_requests(int case_id) { app().viewer().tiles().forget_requests(case_id); }

void app_put_tile(int case_id, int level, int x, int y, const char* channel, int own_stains, int width, int height, const std::uint8_t* rgba) {
  cause_of([&] { app().viewer().tiles().put({case_id, level, x, y, lobule::channel_of(channel)}, own_stains != 0, width, height, rgba); });
}

const char* app_viewer_command(const char* command) {
  return cause_of([&] { app().viewer_command(command); });
}

const char* app_canvas_text() {
  return text_of([] { return app().canvas_text(); });
}

void app_set_cam_shown(int shown, double opacity) { app().set_cam(shown != 0, opacity); }
}
