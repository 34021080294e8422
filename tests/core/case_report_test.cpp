#include "lobule/case_report.h"

#include <catch2/catch.hpp>

using namespace lobule;
using Catch::Contains;

namespace {

SessionImage image(const std::string& path, const std::string& patient, double logit) {
  SessionImage made;
  made.row.path = path;
  made.row.patient = patient;
  made.row.slide = "slide of " + patient;
  made.row.prediction = prediction_of({0, logit}, 1, 0.5, 0.5);
  made.is_done = true;
  made.width = 700;
  made.height = 460;
  made.pixel_sha256 = "abc123";
  return made;
}

SessionFile example() {
  SessionFile session;
  session.class_names = {"benign", "malignant"};
  session.model_name = "a <model>";
  session.model_digest = "d1e2";
  session.images = {image("Miller_1.png", "Miller", 3), image("Smith.png", "Smith", -1), image("Miller_2.png", "Miller", 1)};
  refuse(session.images[2].row.prediction, "Out of focus.");
  session.images[0].row.label = "benign";
  SessionImage broken;
  broken.row.path = "broken.png";
  broken.error = "broken.png: PNG is truncated";
  session.images.push_back(broken);
  return session;
}

}  // namespace

TEST_CASE("a case report has every image and patient with call, reason, model and notice, and escapes what files are called") {
  CaseReportOptions options;
  options.date = "2026-11-28";
  options.pictures = {{"Miller_1.png", "data:image/jpeg;base64,AAAA"}, {"Smith.png", "data:text/html,<script>"}};
  const std::string html = case_report_html(example(), options);
  CHECK_THAT(html, Contains("4 images, 2026-11-28") && Contains("a &lt;model&gt;") && Contains("d1e2"));
  CHECK_THAT(html, Contains("Patient Miller") && Contains("probability of malignant 0.95: from the mean of the logits of 1 of 2 images, 1 refused"));
  CHECK_THAT(html, Contains("Out of focus.") && Contains("label: benign") && Contains("SHA-256 of the pixels abc123"));
  CHECK_THAT(html, Contains("Patient unknown") && Contains("could not be read: broken.png: PNG is truncated"));
  CHECK_THAT(html, Contains("For Research Use Only") && Contains("src=\"data:image/jpeg;base64,AAAA\""));
  CHECK_THAT(html, !Contains("text/html,"));
}

TEST_CASE("with codes no name of a file, slide or patient is left, and pictures stay with their images") {
  CaseReportOptions options;
  options.with_codes = true;
  options.pictures = {{"Miller_2.png", "data:image/png;base64,BBBB"}};
  const std::string html = case_report_html(example(), options);
  for (const char* name : {"Miller", "Smith", "broken.png"}) CHECK_THAT(html, !Contains(name));
  CHECK_THAT(html, Contains("Patient 1<") && Contains("Patient 2<") && Contains("Image 4"));
  const std::size_t picture = html.find("BBBB");
  REQUIRE(picture != std::string::npos);
  CHECK(html.find("Image 3", picture) < html.find("Image", html.find("Image 3", picture) + 1));
  CHECK(html.substr(picture, 60).find("Image 3") != std::string::npos);
}
