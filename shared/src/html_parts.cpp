#include "html_parts.h"

#include "lobule/number_text.h"
#include "style_sheet.h"

namespace lobule {
namespace {

std::string cell(const std::string& content) { return "<td>" + content + "</td>"; }
std::string number_cell(const std::string& content) { return "<td class=\"number\">" + content + "</td>"; }
std::string row_heading(const std::string& content) { return "<th scope=\"row\">" + content + "</th>"; }

std::string header_row(std::initializer_list<std::string_view> titles) {
  std::string row = "<thead><tr>";
  for (const std::string_view title : titles) row += "<th scope=\"col\">" + escape_html(title) + "</th>";
  return row + "</tr></thead>\n";
}

std::string interval_text(const std::optional<Interval>& interval) {
  return interval ? fixed(interval->low, 3) + " to " + fixed(interval->high, 3) : std::string();
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string call_html(Call call, const std::string& name) {
  switch (call) {
    case Call::negative:
      return "<span class=\"negative\">&#9679; " + escape_html(name) + "</span>";
    case Call::positive:
      return "<span class=\"positive\">&#9650; " + escape_html(name) + "</span>";
    case Call::no_result:
      break;
  }
  return "<span class=\"no-result\">&#8211; " + escape_html(name) + "</span>";
}

std::string figure_html(const EstimatedFigure& figure) {
  if (!figure.value) return "undefined";
  return fixed(*figure.value, 3) + (figure.interval ? " <span class=\"quiet\">(" + interval_text(figure.interval) + ")</span>" : "");
}

std::string figures_table(const LevelEvaluation& level, const std::string& positive_name) {
  std::string table = "<table>\n" + header_row({"Figure", "Value", "95 % interval", "Of"}) + "<tbody>\n";
  for (const FigureField& field : kFigureFields) {
    const EstimatedFigure& figure = level.*field.field;
    table += "<tr>" + row_heading(escape_html(field.title));
    if (figure.value) {
      table += number_cell(fixed(*figure.value, 3)) + number_cell(interval_text(figure.interval));
    } else {
      table += "<td colspan=\"2\" class=\"quiet\">undefined: " + escape_html(undefined_reason(field, positive_name)) + "</td>";
    }
    const std::optional<Proportion> proportion = proportion_of(field, level);
    table += number_cell((proportion ? std::to_string(proportion->count) + " of " : "") + std::to_string(case_count(field, level))) + "</tr>\n";
  }
  return table + "</tbody></table>\n";
}

std::string confusion_table_html(const ConfusionMatrix& confusion, const std::vector<std::string>& class_names) {
  std::string table = "<table class=\"confusion\"><caption>Rows: truth. Columns: call.</caption>\n<thead><tr><td></td>";
  for (const std::string& name : class_names) table += "<th scope=\"col\">" + escape_html(name) + "</th>";
  table += "</tr></thead>\n<tbody>\n";
  for (int truth = 0; truth < confusion.classes(); ++truth) {
    table += "<tr>" + row_heading(escape_html(class_names.at(static_cast<std::size_t>(truth))));
    for (int predicted = 0; predicted < confusion.classes(); ++predicted) {
      table += std::string("<td class=\"number") + (truth == predicted ? " right" : "") + "\">" + std::to_string(confusion.at(truth, predicted)) + "</td>";
    }
    table += "</tr>\n";
  }
  return table + "</tbody></table>\n";
}

std::string patients_table(const Evaluation& evaluation) {
  if (evaluation.patient_results.empty()) return "<p class=\"quiet\">The table names no patient: each image counts as a patient of its own.</p>\n";
  std::string table = "<table>\n" + header_row({"Patient", "Label", "Call", "Probability", "Images called rightly"}) + "<tbody>\n";
  for (const PatientResult& result : evaluation.patient_results) {
    const Prediction& prediction = result.prediction;
    const std::string call = call_name(prediction.call, evaluation.class_names, evaluation.positive_class);
    const bool is_wrong =
        prediction.call != Call::no_result && !result.label.empty() &&
        (prediction.call == Call::positive) != (result.label == evaluation.class_names.at(static_cast<std::size_t>(evaluation.positive_class)));
    table += "<tr>" + row_heading(escape_html(result.patient)) + cell(result.label.empty() ? "labels disagree" : escape_html(result.label)) +
             cell(call_html(prediction.call, call) + (is_wrong ? " <strong>wrong</strong>" : "")) +
             number_cell(prediction.logits.empty() ? "" : fixed(prediction.p_positive, 2)) +
             number_cell(std::to_string(result.images_correct) + " of " + std::to_string(result.images) +
                         (result.images_refused > 0 ? ", " + std::to_string(result.images_refused) + " refused" : "")) +
             "</tr>\n";
  }
  return table + "</tbody></table>\n";
}

std::string subsets_table(const std::vector<Subset>& subsets) {
  std::string table = "<table>\n" + header_row({"Subset", "Images", "Accuracy", "Balanced accuracy", "Recall", "Specificity", "ROC AUC"}) + "<tbody>\n";
  for (const Subset& subset : subsets) {
    const LevelEvaluation& level = subset.images;
    table += "<tr>" + row_heading(escape_html(subset.field + ' ' + subset.value)) + number_cell(std::to_string(level.cases));
    for (const EstimatedFigure* figure : {&level.accuracy, &level.balanced_accuracy, &level.recall, &level.specificity, &level.auc}) {
      table += number_cell(figure_html(*figure));
    }
    table += "</tr>\n";
  }
  return table + "</tbody></table>\n";
}

std::string report_style() {
  return palette_style() +
         R"(body { background: var(--surface); color: var(--text); font: 14px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums;
  max-width: 960px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 22px; margin: 0 0 8px; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 32px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
.quiet, caption { color: var(--quiet); }
.notice { border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: 6px; padding: 8px 12px; background: var(--panel); }
.digest { overflow-wrap: anywhere; }
.plots { display: flex; flex-wrap: wrap; gap: 24px; }
figure { margin: 0; max-width: 330px; }
figcaption { color: var(--quiet); font-size: 12px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 8px 0 16px; }
caption { text-align: left; padding-bottom: 4px; }
th, td { text-align: left; padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
td.number { text-align: right; white-space: nowrap; }
td.right { font-weight: 600; }
.negative { color: var(--negative); }
.positive { color: var(--positive); }
.no-result { color: var(--no-result); }
svg { max-width: 100%; height: auto; }
)" + std::string(chart_style()) +
         R"(@media print { :root { color-scheme: light; --surface: #ffffff; --panel: #ffffff; --line: #d9dde1; --text: #14181c; --quiet: #4b5560;
  --accent: #0b6e75; --negative: #0072b2; --positive: #b5460f; --no-result: #5f6770; }
  body { max-width: none; padding: 0; font-size: 11px; } tr, svg, .notice { break-inside: avoid; } h2 { break-after: avoid; } })";
}

}  // namespace lobule
