#include "lobule/history_svg.h"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "axis_ticks.h"

using namespace lobule;
using Catch::Matchers::Contains;

namespace {

std::vector<EpochRecord> history_of(int epochs, int best) {
  std::vector<EpochRecord> history;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    EpochRecord record;
    record.epoch = epoch;
    record.train = {1.0 / epoch, 0.6 + 0.03 * epoch, std::nullopt, std::nullopt, std::nullopt, 0.7 + 0.02 * epoch};
    record.val = SetFigures{1.1 / epoch, 0.5 + 0.03 * epoch, std::nullopt, std::nullopt, std::nullopt, 0.6 + 0.02 * epoch};
    record.best = epoch <= best;
    history.push_back(record);
  }
  return history;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

std::vector<std::string> labels(const AxisScale& scale) {
  std::vector<std::string> texts;
  for (const AxisTick& tick : scale.ticks) texts.push_back(tick.label);
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("Training curves are a line for each set in three charts, with the titles of their axes") {
  const std::string svg = history_svg(history_of(8, 5));
  CHECK(count_of(svg, "<polyline class=\"curve dashed\"") == 3);
  CHECK(count_of(svg, "<polyline class=\"curve solid\"") == 3);
  for (const char* title : {">loss (cross-entropy, nats)<", ">accuracy (share of images)<", ">ROC AUC<", ">epoch<", ">training<", ">validation<"}) {
    CHECK_THAT(svg, Contains(title));
  }
}

TEST_CASE("A point of a training curve lies where its epoch and its figure are") {
  EpochRecord first, second;
  first.epoch = 1;
  second.epoch = 2;
  first.val.emplace().loss = 1;  // with the training's 0 the axis goes from 0 to 1
  second.val.emplace();
  const std::vector<EpochRecord> history = {first, second};
  CHECK_THAT(history_svg(history), Contains("<polyline class=\"curve solid\" points=\"52.0,12.0 312.0,272.0 \"/>"));
}

TEST_CASE("The last epoch that was the best so far is marked in every chart, with a ring on the validation's curve") {
  const std::string svg = history_svg(history_of(8, 5));
  CHECK(count_of(svg, ">best: epoch 5<") == 3);
  CHECK(count_of(svg, "r=\"4\"") == 3);
  CHECK(count_of(history_svg(history_of(8, 0)), "class=\"mark\"") == 0);
}

TEST_CASE("A figure that is undefined leaves a gap in its training curve, and one alone between two gaps is a dot") {
  std::vector<EpochRecord> history = history_of(6, 1);
  history[2].val->auc.reset();
  CHECK(count_of(history_svg(history), "<polyline class=\"curve solid\"") == 4);
  history[4].val->auc.reset();
  const std::string svg = history_svg(history);
  CHECK(count_of(svg, "class=\"curve solid dot\" r=\"2\"") == 2);  // epochs 4 and 6
  CHECK(count_of(svg, "<polyline class=\"curve solid\"") == 3);
}

TEST_CASE("Training curves of a single epoch, of none, and of figures beyond all bounds can be drawn") {
  CHECK(count_of(history_svg(history_of(1, 1)), " dot\" r=\"2\"") == 6);
  CHECK_THAT(history_svg({}), Contains("</svg>") && !Contains("polyline"));
  std::vector<EpochRecord> history = history_of(3, 1);
  history[0].val->loss = std::numeric_limits<double>::quiet_NaN();
  history[1].val->loss = 1e308;
  history[2].train.loss = -1e308;
  CHECK_THAT(history_svg(history), !Contains("nan") && !Contains("inf"));
}

TEST_CASE("Without a validation set there is no curve of it, and no epoch is marked") {
  std::vector<EpochRecord> history = history_of(4, 4);
  for (EpochRecord& record : history) record.val.reset();
  const std::string svg = history_svg(history);
  CHECK_THAT(svg, !Contains("validation") && !Contains("best: epoch"));
  CHECK(count_of(svg, "<polyline class=\"curve dashed\"") == 3);
}

TEST_CASE("Training curves hold no script, name nothing outside themselves, and follow the reader's light or dark") {
  const std::string svg = history_svg(history_of(8, 5));
  CHECK_THAT(svg, !Contains("<script") && !Contains("href") && !Contains("url("));
  CHECK_THAT(svg, Contains("prefers-color-scheme: dark"));
}

TEST_CASE("The numbers of an axis are round and enclose what is drawn") {
  CHECK(labels(round_scale(0.13, 0.97)) == Texts{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(labels(round_scale(0.951, 0.993)) == Texts{"0.95", "0.96", "0.97", "0.98", "0.99", "1.00"});
  CHECK(labels(round_scale(3, 41)) == Texts{"0", "10", "20", "30", "40", "50"});
  CHECK(round_scale(1, 1).high == 1);  // a share that stays at 1 is not drawn below a 1.1 that it cannot have
  CHECK(round_scale(0, 0).high > 0);
}

TEST_CASE("An axis of epochs has whole numbers and ends where the epochs do") {
  CHECK(labels(count_scale(1, 3)) == Texts{"1", "2", "3"});
  CHECK(labels(count_scale(1, 20)) == Texts{"5", "10", "15", "20"});
  CHECK(count_scale(1, 20).at(20) == 1);
  CHECK(count_scale(1, 1).at(1) == 0.5);
}

TEST_CASE("A logarithmic axis has a number for each power of ten, evenly spaced") {
  const AxisScale scale = logarithmic_scale(1e-7, 10);
  CHECK(labels(scale) == Texts{"1e-7", "1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1", "1", "10"});
  CHECK(scale.ticks[2].at == Approx(0.25));
}
