#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "prediction_tables.h"
#include "session.h"
#include "session_json.h"
#include "sessions.h"

using namespace lobule;
using Catch::Contains;

namespace {

PredictionTable table_of(const std::vector<Facts>& images) {
  PredictionTable table = make_table(images);
  table.model_digest = "digest-other";
  return table;
}

/// Four labelled images of four patients, classified: x and z wrongly.
Session labelled_session() {
  Session session;
  session.set_model(spec(), "digest-a");
  const float logits[] = {-2, 2, 2, -2};
  const char* const labels[] = {"malignant", "malignant", "benign", "benign"};
  for (int i = 0; i < 4; ++i) {
    const std::string name(1, "xyzw"[i]);
    const int id = session.add_case(name + ".png", "set/" + name + ".png", 10, false, labels[i]);
    session.set_result(id, {0, logits[i]});
  }
  return session;
}

}  // namespace

TEST_CASE("A model that takes another one's place is compared with it") {
  Session session = labelled_session();
  CHECK_FALSE(session.baseline());
  session.set_model(spec(), "digest-b");
  REQUIRE(session.baseline());
  CHECK(session.baseline()->table().model_digest == "digest-a");
  CHECK(session.comparison() == nullptr);
  CHECK_THAT(session.comparison_problem(), Contains("none of these images"));

  for (const Case& c : std::vector<Case>(session.cases())) session.set_result(c.id, {0, c.label == "malignant" ? 1.0F : -1.0F});
  const BaselineComparison* compared = session.comparison();
  REQUIRE(compared != nullptr);
  CHECK(compared->comparison.image_calls->only_a == 2);
  CHECK(compared->comparison.image_calls->only_b == 0);
  CHECK(compared->changed == 2);
  CHECK(compared->only_in_session == 0);
  CHECK(*compared->comparison.figures[0].difference.value == 1 - 0.5);
  CaseFilter filter;
  filter.changed_only = true;
  const auto changed = session.list(filter);
  REQUIRE(changed.size() == 2);
  CHECK(changed[0]->name == "x.png");
  CHECK(changed[1]->name == "z.png");
  const auto row = nlohmann::json::parse(list_json(session, filter)).front();
  CHECK(row.at("baseline_call_name") == "benign");
  CHECK(row.at("call_name") == "malignant");
  CHECK(session.baseline_roc().size() >= 3);

  session.clear_baseline();
  CHECK(session.comparison() == nullptr);
  CHECK(session.comparison_problem().empty());
}

TEST_CASE("Two models are looked at side by side where the one before left its heat maps") {
  Session session = labelled_session();
  const int x = session.cases()[0].id;
  session.compare_models(true);
  CHECK_FALSE(session.compares_models());  // there is no other model
  session.set_cam(x, {2, 1, 1, {0.5F, -0.5F}});
  session.pin(x);
  session.set_model(spec(), "digest-b");
  REQUIRE(session.can_compare_models());
  CHECK(session.baseline()->sight()->input.width == spec().input.width);
  REQUIRE(session.baseline()->cam("set/x.png") != nullptr);
  CHECK(session.baseline()->cam("set/x.png")->values == std::vector<float>{0.5F, -0.5F});
  CHECK(session.baseline()->cam("set/y.png") == nullptr);
  session.compare_models(true);
  CHECK(session.compares_models());
  CHECK(session.pinned() == 0);
  session.pin(x);  // cases or models
  CHECK_FALSE(session.compares_models());
  session.compare_models(true);
  session.set_baseline("other.csv", table_of({{"set/x.png", "", "", 2}}));  // a table looked at nothing
  CHECK_FALSE(session.compares_models());
  CHECK(session.baseline()->cam("set/x.png") == nullptr);
}

TEST_CASE("A comparison follows labels and thresholds") {
  Session session = labelled_session();
  session.set_baseline("other.csv", table_of({{"set/x.png", "", "", 2}, {"set/y.png", "benign", "", 1}, {"set/q.png", "", "", 1}}));
  const BaselineComparison* compared = session.comparison();
  REQUIRE(compared != nullptr);
  // The session's label of y counts, not the table's.
  CHECK(compared->comparison.images == 2);
  CHECK(compared->comparison.image_calls->only_b == 1);
  CHECK(compared->comparison.image_calls->both_right == 1);
  CHECK(compared->only_in_session == 2);
  CHECK(compared->only_in_baseline == 1);
  session.set_thresholds(0.05, 0.05);  // x is called malignant now, too
  CHECK(session.comparison()->comparison.image_calls->both_right == 2);
  session.set_label({session.cases()[0].id}, "benign");
  CHECK(session.comparison()->comparison.image_calls->neither == 1);
}

TEST_CASE("Another model's classes are no baseline") {
  Session session = labelled_session();
  PredictionTable idc = table_of({{"set/x.png", "", "", 2}});
  idc.class_names = {"no_idc", "idc"};
  CHECK_THROWS_WITH(session.set_baseline("idc.csv", idc), "its positive class is idc, here it is malignant");
  ModelSpec other = spec();
  other.class_names = {"no_idc", "idc"};
  session.set_model(other, "digest-idc");
  CHECK_FALSE(session.baseline());
}

TEST_CASE("An opened evaluation stands in place of the cases' own until it is closed") {
  Session session = labelled_session();
  const Evaluation own = *session.evaluation();
  session.open_evaluation(evaluate(large_table(60, 12), {0, 1}));
  CHECK(session.evaluation()->images.cases == 60);
  session.set_thresholds(0.9, 0.9);
  CHECK(session.evaluation()->threshold_high == 0.5);
  session.close_evaluation();
  CHECK(session.evaluation()->images.cases == own.images.cases);
  CHECK(session.evaluation()->threshold_high == 0.9);
}
