#include "html_parts.h"
#include "lobule/model_package.h"
#include "lobule/number_text.h"
#include "lobule/report.h"
#include "svg_plot.h"

namespace lobule {
namespace {

std::string paragraph(const std::string& content, const std::string& css_class = "") {
  return (css_class.empty() ? "<p>" : "<p class=\"" + css_class + "\">") + content + "</p>\n";
}

std::string notice() { return paragraph(escape_html(kResearchUseOnly), "notice"); }

std::string model_lines(const Evaluation& evaluation, const std::string& positive_name) {
  const std::string low = shortest(evaluation.threshold_low);
  const std::string high = shortest(evaluation.threshold_high);
  std::string lines = paragraph(
      "Model: " + (evaluation.model_digest.empty() ? std::string("unknown, the table came from elsewhere") : "SHA-256 " + escape_html(evaluation.model_digest)),
      "digest");
  lines += paragraph("Positive class: " + escape_html(positive_name) + ". " +
                     (low == high ? "Called so from a probability of " + high + " on."
                                  : "Called so from a probability of " + high + " on, not so below " + low + ", no result between."));
  if (evaluation.unlabelled > 0) lines += paragraph(std::to_string(evaluation.unlabelled) + " images without a label were left out.");
  return lines;
}

std::string level_section(const std::string& heading, const LevelEvaluation& level, const Evaluation& evaluation, const std::string& positive_name) {
  return "<h2>" + heading + "</h2>\n" +
         paragraph(std::to_string(level.cases) + " labelled, " + std::to_string(level.positives) + " of them " + escape_html(positive_name) + "; " +
                   no_result_text(level) + ".") +
         "<div class=\"scroll\">" + figures_table(level, positive_name) + "</div>\n<div class=\"scroll\">" +
         confusion_table_html(level.confusion, evaluation.class_names) + "</div>\n<div class=\"plots\">\n" + plot_figure(roc_plot(level, positive_name)) +
         plot_figure(precision_recall_plot(level, positive_name)) + plot_figure(reliability_plot(level, positive_name)) +
         plot_figure(histogram_plot(evaluation, level)) + plot_figure(decision_plot(evaluation, level)) + "</div>\n";
}

std::string without_gates_section(const WithoutGates& all, const std::string& positive_name) {
  std::string html = "<h2>As if no gate refused any</h2>\n";
  for (const auto& [name, level] : {std::pair{"Images", &all.images}, {"Patients", &all.patients}}) {
    html +=
        paragraph(std::string(name) + ": " + std::to_string(level->cases) + ".") + "<div class=\"scroll\">" + figures_table(*level, positive_name) + "</div>\n";
  }
  if (!all.subsets.empty()) html += "<div class=\"scroll\">" + subsets_table(all.subsets) + "</div>\n";
  return html;
}

std::string method_section(const Evaluation& evaluation) {
  std::string text = "<h2>How the figures were made</h2>\n";
  text += paragraph(
      "Accuracy, balanced accuracy, precision, recall, specificity, F1 and Matthews correlation are of decided cases; ROC AUC, average precision, Brier "
      "score, calibration error (15 bins) and log loss are of every case with a probability that no gate refused. A patient's probability comes from the mean "
      "logits of the "
      "patient's images. The patient recognition rate is the mean over patients of the share of images called rightly (Spanhol 2016).");
  if (evaluation.options.bootstrap_replicates > 0) {
    text += paragraph("Intervals: 95 % percentiles of " + std::to_string(evaluation.options.bootstrap_replicates) +
                      " bootstrap replicates that draw patients with replacement, seed " + std::to_string(evaluation.options.bootstrap_seed) +
                      ". None is given for fewer than two patients, or when more than 5 % of the replicates leave a figure undefined.");
  }
  return text;
}

}  // namespace

std::string html_report(const Evaluation& evaluation, const std::string& title) {
  const std::string& positive_name = evaluation.class_names.at(static_cast<std::size_t>(evaluation.positive_class));
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  html += "<title>" + escape_html(title) + "</title>\n<style>\n" + report_style() + "\n</style>\n</head>\n<body>\n<main>\n";
  html += "<h1>" + escape_html(title) + "</h1>\n" + notice() + model_lines(evaluation, positive_name);
  html += level_section("Images", evaluation.images, evaluation, positive_name);
  html += level_section("Patients", evaluation.patients, evaluation, positive_name);
  if (const std::string left_out = patients_without_label(evaluation); !left_out.empty()) html += paragraph(left_out);
  html += paragraph("Patient recognition rate: " + figure_html(evaluation.patient_recognition_rate));
  html += "<div class=\"scroll\">" + patients_table(evaluation) + "</div>\n";
  if (!evaluation.subsets.empty()) html += "<h2>Subsets of the images</h2>\n<div class=\"scroll\">" + subsets_table(evaluation.subsets) + "</div>\n";
  if (evaluation.without_gates) html += without_gates_section(*evaluation.without_gates, positive_name);
  return html + method_section(evaluation) + notice() + "</main>\n</body>\n</html>\n";
}

}  // namespace lobule
