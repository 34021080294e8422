// What comes into the Session as a file, and what goes out of it as one.
#include "app_api.h"
#include "app_api_support.h"
#include "lobule/case_report.h"
#include "lobule/decision.h"
#include "lobule/history.h"
#include "lobule/history_svg.h"
#include "lobule/report.h"

namespace {

using namespace lobule::app_api;

std::string export_text(const std::string& name) {
  if (name == "session.json") return app().session().cases().empty() ? "" : lobule::to_json(app().session().to_file());
  const lobule::PredictionTable table = app().session().table();
  if (table.rows.empty()) return "";
  if (name == "predictions.csv") return lobule::to_csv(table);
  if (name == "predictions.json") return lobule::to_json(table);
  const lobule::Evaluation* evaluation = app().session().evaluation();
  if (evaluation == nullptr) return "";
  if (name == "evaluation.json") return lobule::to_json(*evaluation);
  if (name == "classification_report.txt") return lobule::classification_report(*evaluation);
  if (name == "report.html") return lobule::html_report(*evaluation, "lobule evaluation");
  return "";
}

}  // namespace

extern "C" {

const char* app_export(const char* file_name) {
  return text_of([&] { return export_text(file_name); });
}

const char* app_prevalence_json(double prevalence) {
  return text_of([&] { return lobule::to_json(lobule::evaluate_at_prevalence(app().session().table(), prevalence)); });
}

const char* app_history_svg(const char* json_lines) {
  return text_of([&]() -> std::string {
    const std::vector<lobule::EpochRecord> history = lobule::parse_history(json_lines);
    return history.empty() ? "" : lobule::history_svg(history);
  });
}

const char* app_case_report(const char* options_json) {
  return text_of([&]() -> std::string {
    const auto given = ordered_json::parse(options_json);
    lobule::CaseReportOptions options;
    options.title = given.value("title", options.title);
    options.date = given.value("date", "");
    options.with_codes = given.value("with_codes", false);
    options.pictures = given.value("pictures", options.pictures);
    if (app().session().cases().empty()) return "";
    return lobule::case_report_html(app().session().to_file(), options);
  });
}

const char* app_open_predictions(const char* csv_text) {
  return cause_of([&] { app().session().open_table(lobule::parse_prediction_table(csv_text)); });
}

const char* app_open_session(const char* json) {
  return cause_of([&] { app().session().open_file(lobule::parse_session(json)); });
}

int app_attach_image(const char* json) {
  try {
    const auto image = ordered_json::parse(json);
    app().wake();
    return app().session().attach_image(image.value("path", ""), image.value("bytes", std::int64_t{0}));
  } catch (const std::exception&) {
    return 0;
  }
}
}
