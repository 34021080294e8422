#include "lobule/history_svg.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "lobule/line_chart.h"

namespace lobule {
namespace {

using Value = std::function<double(const SetFigures&)>;

double value_or_gap(const Figure& figure) { return figure.value_or(std::numeric_limits<double>::quiet_NaN()); }

LineChart chart_of(std::span<const EpochRecord> history, const std::string& y_title, const Value& value) {
  LineChart chart;
  chart.x_title = "epoch";
  chart.y_title = y_title;
  Curve train{"training", CurveStyle::dashed, {}};
  Curve val{"validation", CurveStyle::solid, {}};
  for (const EpochRecord& record : history) {
    chart.x.push_back(record.epoch);
    train.y.push_back(value(record.train));
    val.y.push_back(record.val ? value(*record.val) : std::numeric_limits<double>::quiet_NaN());
    if (record.best && record.val) chart.marks = {{static_cast<double>(record.epoch), "best: epoch " + std::to_string(record.epoch)}};
  }
  const bool has_val = std::any_of(history.begin(), history.end(), [](const EpochRecord& record) { return record.val.has_value(); });
  chart.curves = {train};
  if (has_val || history.empty()) chart.curves.push_back(val);
  return chart;
}

}  // namespace

std::string history_svg(std::span<const EpochRecord> history) {
  const LineChart charts[] = {chart_of(history, "loss (cross-entropy, nats)", [](const SetFigures& figures) { return figures.loss; }),
                              chart_of(history, "accuracy (share of images)", [](const SetFigures& figures) { return value_or_gap(figures.accuracy); }),
                              chart_of(history, "ROC AUC", [](const SetFigures& figures) { return value_or_gap(figures.auc); })};
  const std::string best = charts[0].marks.empty() ? "" : "; " + charts[0].marks.front().label;
  return line_charts_svg(charts, std::string("Loss, accuracy and ROC AUC of training") + (charts[0].curves.size() > 1 ? " and validation" : "") + " over " +
                                     std::to_string(history.size()) + " epochs" + best + ".");
}

}  // namespace lobule
