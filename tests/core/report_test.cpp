#include "lobule/report.h"

#include <catch2/catch.hpp>

using namespace lobule;
using Catch::Contains;

namespace {

Evaluation make_evaluation(const std::string& patient, bool malignant_present) {
  PredictionTable table;
  table.class_names = {"benign", "malignant"};
  for (int i = 0; i < 6; ++i) {
    PredictionRow row;
    row.path = std::to_string(i);
    row.patient = patient + std::to_string(i / 2);
    row.label = malignant_present && i > 3 ? "malignant" : "benign";
    row.magnification = i % 2 == 0 ? 40 : 100;
    row.prediction = prediction_of({0, malignant_present ? i - 3.0 : -1.0}, 1, 0.5, 0.5);
    table.rows.push_back(row);
  }
  return evaluate(table, {50, 1});
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("The text report is laid out as scikit-learn's") {
  const std::string text = classification_report(make_evaluation("p", true));
  CHECK_THAT(text, Contains("              precision    recall  f1-score   support\n\n"
                            "      benign     1.0000    0.7500    0.8571         4\n"
                            "   malignant     0.6667    1.0000    0.8000         2\n\n"
                            "    accuracy                         0.8333         6\n"
                            "   macro avg     0.8333    0.8750    0.8286         6\n"
                            "weighted avg     0.8889    0.8333    0.8381         6\n"));
  CHECK_THAT(text, Contains("Confusion matrix (rows: truth, columns: call)\n"
                            "             benign malignant\n"
                            "   benign         3         1\n"
                            "malignant         0         2\n"));
  CHECK_THAT(text, Contains("For Research Use Only."));
  CHECK_FALSE(contains(text, "Undefined"));
}

TEST_CASE("The text report names the figures that it prints as 0 for want of a value") {
  const std::string text = classification_report(make_evaluation("p", false));
  CHECK_THAT(text, Contains("Undefined, printed as 0.0000:\n  precision of malignant: nothing was called so\n  recall of malignant: no case is so\n"));
}

TEST_CASE("Column widths count characters, not bytes") {
  Evaluation evaluation = make_evaluation("p", true);
  evaluation.class_names = {"gutartig", "b\xC3\xB6sartig ver\xC3\xA4ndert"};  // 18 characters, 20 bytes
  CHECK_THAT(classification_report(evaluation), Contains("\n          gutartig     1.0000") && Contains("\nb\xC3\xB6sartig ver\xC3\xA4ndert     0.6667"));
}

TEST_CASE("The HTML report is self-contained and says what it is for") {
  const std::string html = html_report(make_evaluation("p", true), "A title");
  CHECK_THAT(html, Contains("<title>A title</title>"));
  CHECK_THAT(html, Contains("For Research Use Only. Not for use in diagnostic procedures."));
  CHECK_THAT(html, Contains("magnification 100"));
  CHECK_THAT(html, Contains("<svg") && Contains("prefers-color-scheme: dark") && Contains("@media print"));
  for (const char* external : {"<script", "http://", "https://", "url(", "@import", "<img", "<link", "src="}) {
    CAPTURE(external);
    CHECK_FALSE(contains(html, external));
  }
}

TEST_CASE("The HTML report escapes titles, patients and class names") {
  Evaluation evaluation = make_evaluation("<script>alert('1')</script>\"&", true);
  evaluation.class_names = {"<b>benign", "\"malignant\" & <i>"};
  const std::string html = html_report(evaluation, "</title><script>x</script>");
  for (const char* raw : {"<script", "<b>", "<i>", "\"malignant\""}) {
    CAPTURE(raw);
    CHECK_FALSE(contains(html, raw));
  }
  CHECK_THAT(html, Contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;0"));
}

TEST_CASE("The HTML report says why a figure or a plot is missing") {
  const std::string html = html_report(make_evaluation("p", false), "t");
  CHECK_THAT(html, Contains("undefined: no decided case is malignant"));
  CHECK_THAT(html, Contains("No ROC curve: it needs a case of malignant and another"));
}

TEST_CASE("A difference has its sign, and zero none") {
  CHECK(difference_text({0.0558, Interval{-0.0007, 0.1128}}) == "+0.056 (-0.001 to +0.113)");
  CHECK(difference_text({0.0, Interval{0.0, 0.0}}) == "0.000 (0.000 to 0.000)");
  CHECK(difference_text({-0.25, std::nullopt}) == "-0.250");
  CHECK(difference_text({}) == "undefined");
}
