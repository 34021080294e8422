#include "lobule/case_report.h"

#include <algorithm>

#include "evaluated_cases.h"
#include "html_parts.h"
#include "lobule/number_text.h"

namespace lobule {
namespace {

/// A patient's images in the session's order.
struct PatientImages {
  std::string patient;  // empty: unknown
  std::vector<const SessionImage*> images;
};

/// In order of first appearance; images of unknown patient last, together.
std::vector<PatientImages> by_patient(const SessionFile& session) {
  std::vector<PatientImages> groups;
  PatientImages unknown;
  for (const SessionImage& image : session.images) {
    const std::string& patient = image.row.patient;
    if (patient.empty()) {
      unknown.images.push_back(&image);
      continue;
    }
    auto found = std::find_if(groups.begin(), groups.end(), [&](const PatientImages& group) { return group.patient == patient; });
    if (found == groups.end()) found = groups.insert(groups.end(), PatientImages{patient, {}});
    found->images.push_back(&image);
  }
  if (!unknown.images.empty()) groups.push_back(std::move(unknown));
  return groups;
}

PredictionTable table_of(const SessionFile& session, const std::vector<const SessionImage*>& images) {
  PredictionTable table;
  table.class_names = session.class_names;
  table.positive_class = session.positive_class;
  table.threshold_low = session.threshold_low;
  table.threshold_high = session.threshold_high;
  for (const SessionImage* image : images) {
    if (image->is_done) table.rows.push_back(image->row);
  }
  return table;
}

std::string probability_text(const Prediction& prediction, const std::string& positive) {
  if (prediction.logits.empty()) return "";
  // Two digits, but never 0.00 or 1.00 for what is neither.
  const double p = prediction.p_positive;
  const std::string digits = p < 0.005 ? "below 0.01" : p >= 0.995 ? "above 0.99" : fixed(p, 2);
  return "probability of " + escape_html(positive) + " " + digits;
}

std::string call_words(const Prediction& prediction, const SessionFile& session) {
  return call_html(prediction.call, call_name(prediction.call, session.class_names, session.positive_class));
}

const std::string& positive_name(const SessionFile& session) { return session.class_names.at(static_cast<std::size_t>(session.positive_class)); }

/// Only what a browser made of pixels goes into the page.
std::string picture_html(const std::string& uri) {
  const bool is_picture = uri.starts_with("data:image/png;base64,") || uri.starts_with("data:image/jpeg;base64,") || uri.starts_with("data:image/webp;base64,");
  return is_picture ? "<img alt=\"\" src=\"" + escape_html(uri) + "\">" : "";
}

std::string image_row(const SessionImage& image, const SessionFile& session, const CaseReportOptions& options) {
  const Prediction& prediction = image.row.prediction;
  const auto picture = options.pictures.find(image.row.path);
  std::string result = "waiting";
  if (!image.error.empty()) result = "could not be read: " + escape_html(image.error);
  if (image.is_done) {
    result = call_words(prediction, session);
    if (prediction.refusal.empty() && !prediction.logits.empty()) result += ", " + probability_text(prediction, positive_name(session));
    if (!prediction.reason.empty()) result += "<br>" + escape_html(prediction.reason);
  }
  std::string facts;
  if (image.row.magnification != 0) facts += std::to_string(image.row.magnification) + "X ";
  if (image.width > 0) facts += std::to_string(image.width) + " x " + std::to_string(image.height) + " pixels";
  if (!image.row.label.empty()) facts += std::string(facts.empty() ? "" : "<br>") + "label: " + escape_html(image.row.label);
  if (!image.pixel_sha256.empty()) facts += "<br><span class=\"digest quiet\">SHA-256 of the pixels " + escape_html(image.pixel_sha256) + "</span>";
  return "<tr><td>" + (picture == options.pictures.end() ? std::string() : picture_html(picture->second)) + "</td><th scope=\"row\" class=\"digest\">" +
         escape_html(image.row.path) + "</th><td>" + result + "</td><td>" + facts + "</td></tr>\n";
}

std::string patient_section(const PatientImages& group, const SessionFile& session, const CaseReportOptions& options) {
  std::string html = "<h2>" + (group.patient.empty() ? std::string("Patient unknown") : "Patient " + escape_html(group.patient)) + "</h2>\n";
  const PredictionTable table = table_of(session, group.images);
  if (!group.patient.empty() && !table.rows.empty()) {
    const PatientResult result = patient_results(table).front();
    html += "<p>" + call_words(result.prediction, session);
    if (!result.prediction.logits.empty()) html += ", " + probability_text(result.prediction, positive_name(session));
    html += ": from the mean of the logits of " + std::to_string(result.images - result.images_refused) + " of " + std::to_string(group.images.size()) +
            (group.images.size() == 1 ? " image" : " images");
    if (result.images_refused > 0) html += ", " + std::to_string(result.images_refused) + " refused";
    html += ".</p>\n";
  }
  html +=
      "<div class=\"scroll\"><table class=\"cases\">\n<thead><tr><th scope=\"col\"></th><th scope=\"col\">Image</th><th scope=\"col\">Result</th><th "
      "scope=\"col\">"
      "Facts</th></tr></thead>\n<tbody>\n";
  for (const SessionImage* image : group.images) html += image_row(*image, session, options);
  return html + "</tbody></table></div>\n";
}

std::string model_section(const SessionFile& session, const CaseReportOptions& options) {
  const std::string low = shortest(session.threshold_low);
  const std::string high = shortest(session.threshold_high);
  const std::string positive = escape_html(positive_name(session));
  std::string html = "<p>" + std::to_string(session.images.size()) + (session.images.size() == 1 ? " image" : " images");
  if (!options.date.empty()) html += ", " + escape_html(options.date);
  html += ".</p>\n<p class=\"digest\">Model: " + escape_html(session.model_name.empty() ? "of unknown name" : session.model_name) + ", SHA-256 " +
          escape_html(session.model_digest.empty() ? "unknown" : session.model_digest) + ".</p>\n<p>Called " + positive + " from a probability of " + high +
          " on";
  html += low == high ? ".</p>\n" : ", not so below " + low + ", no result between.</p>\n";
  return html;
}

}  // namespace

SessionFile with_codes(SessionFile session) {
  std::map<std::string, std::string> code_of;
  int images = 0;
  for (SessionImage& image : session.images) {
    const std::string code = "Image " + std::to_string(++images);
    if (session.selected == image.row.path) session.selected = code;
    if (!image.error.empty()) {
      // A cause may begin with the file's name.
      const std::string& path = image.row.path;
      if (image.error.starts_with(path)) image.error = code + image.error.substr(path.size());
    }
    image.row.path = code;
    image.row.slide.clear();
    if (image.row.patient.empty()) continue;
    const auto [entry, is_new] = code_of.emplace(image.row.patient, "");
    if (is_new) entry->second = std::to_string(code_of.size());
    image.row.patient = entry->second;
  }
  return session;
}

std::string case_report_html(const SessionFile& given, const CaseReportOptions& given_options) {
  CaseReportOptions options = given_options;
  SessionFile session = given;
  if (options.with_codes) {
    session = with_codes(given);
    options.pictures.clear();
    for (std::size_t i = 0; i < given.images.size(); ++i) {
      const auto picture = given_options.pictures.find(given.images[i].row.path);
      if (picture != given_options.pictures.end()) options.pictures[session.images[i].row.path] = picture->second;
    }
  }
  const std::string notice = "<p class=\"notice\">" + escape_html(kResearchUseOnly) + "</p>\n";
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<title>" + escape_html(options.title) + "</title>\n<style>\n" + report_style() +
          "\n.cases td, .cases th { text-align: left; vertical-align: top; }\n.cases img { width: 96px; display: block; }\n.cases tr { break-inside: avoid; }\n"
          "</style>\n</head>\n<body>\n<main>\n<h1>" +
          escape_html(options.title) + "</h1>\n" + notice + model_section(session, options);
  for (const PatientImages& group : by_patient(session)) html += patient_section(group, session, options);
  return html + notice + "</main>\n</body>\n</html>\n";
}

}  // namespace lobule
