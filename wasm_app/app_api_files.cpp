// What comes into the Session as a file, and what goes out of it as one.
#include "app_api.h"
#include "app_api_support.h"
#include "lobule/case_report.h"
#include "lobule/decision.h"
#include "lobule/evaluation_charts.h"
#include "lobule/history.h"
#include "lobule/history_svg.h"
#include "lobule/report.h"

namespace {

using namespace lobule::app_api;

/// "" where nothing was read, or nothing of it can be evaluated.
std::string reading_text(const std::string& name) {
  const lobule::ReadingTable table = app().session().readings();
  bool is_read = false;
  bool is_evaluable = false;
  for (std::size_t i = 0; i < table.readings.size(); ++i) {
    is_read = is_read || !table.readings[i].first.empty();
    is_evaluable = is_evaluable || (!table.readings[i].first.empty() && !table.predictions.rows[i].label.empty());
  }
  if (name == "reading.csv") return is_read ? lobule::to_csv(table) : "";
  return is_evaluable ? lobule::to_json(lobule::evaluate_readings(table)) : "";
}

std::string export_text(const std::string& name) {
  if (name == "session.json") return app().session().cases().empty() ? "" : lobule::to_json(app().session().to_file());
  if (name == "reading.csv" || name == "reading.json") return reading_text(name);
  if (name.starts_with("comparison.")) {
    const lobule::BaselineComparison* compared = app().session().comparison();
    if (compared == nullptr) return "";
    return name == "comparison.csv" ? lobule::to_csv(compared->comparison) : lobule::to_json(compared->comparison);
  }
  if (name.starts_with("predictions.")) {
    const lobule::PredictionTable table = app().session().predictions();
    if (table.rows.empty()) return "";
    return name == "predictions.csv" ? lobule::to_csv(table) : lobule::to_json(table);
  }
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

const char* app_chart(const char* file_name) {
  return text_of([&]() -> std::string {
    const std::string name = file_name;
    const lobule::Evaluation* evaluation = app().session().evaluation();
    if (evaluation == nullptr) return "";
    const std::string chart = name.substr(0, name.rfind('.'));
    return name.ends_with(".csv") ? lobule::chart_csv(*evaluation, chart) : lobule::chart_svg(*evaluation, chart);
  });
}

const char* app_set_baseline(const char* json) {
  return cause_of([&] {
    const auto given = ordered_json::parse(json);
    app().session().set_baseline(given.value("name", ""), lobule::parse_prediction_table(given.value("csv", "")));
  });
}

void app_clear_baseline() { app().session().clear_baseline(); }

const char* app_comparison_json() {
  return text_of([]() -> std::string {
    lobule::Session& session = app().session();
    if (!session.baseline()) return "";
    const lobule::Baseline& baseline = *session.baseline();
    ordered_json json = {{"name", baseline.name()}, {"digest", baseline.table().model_digest}, {"images", baseline.table().rows.size()}};
    if (const lobule::BaselineComparison* compared = session.comparison()) {
      json["only_in_session"] = compared->only_in_session;
      json["only_in_baseline"] = compared->only_in_baseline;
      json["changed"] = compared->changed;
      json["comparison"] = ordered_json::parse(lobule::to_json(compared->comparison));
    } else {
      json["problem"] = session.comparison_problem();
    }
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  });
}

const char* app_open_evaluation(const char* json) {
  return cause_of([&] { app().session().open_evaluation(lobule::parse_evaluation(json)); });
}

void app_close_evaluation() { app().session().close_evaluation(); }

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
